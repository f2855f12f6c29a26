import { Box, Button, MenuItem, Link as MuiLink, TextField, Typography } from "@mui/material";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router-dom";
import { formatMoment, formatRelative } from "@/shared/format";
import { call } from "@/shared/http";
import type { PeoplePage, PersonInJourney } from "@/shared/model";

const STATES = {
  waiting: { label: "Standing here now", none: "Nobody stands here now." },
  stopped: { label: "Stopped here", none: "Nobody was stopped here." },
  expired: { label: "Expired here", none: "Nobody came too late." },
  failed: { label: "Failed here", none: "Nothing failed here." },
  processed: { label: "Went on from here", none: "Nobody has gone on yet." },
};
type State = keyof typeof STATES;

const SHOWN = 10;

/** Who stands at a tile or left it, why, since when and until when; a page at a time. */
export function PeopleHere({ journeyId, tile }: { journeyId: number; tile: number }) {
  const [state, setState] = useState<State>("waiting");
  const people = useInfiniteQuery({
    queryKey: ["journey-people", journeyId, tile, state],
    queryFn: ({ pageParam }) =>
      call<PeoplePage>(`/journeys/${journeyId}/people`, {
        query: { tile, state, cursor: pageParam, limit: SHOWN },
      }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data && query.state.data.pages.length > 1 ? false : 5000),
    retry: false,
  });
  const found = people.data?.pages.flatMap((page) => page.items);
  const shared = findShared(found ?? []);
  return (
    <Box component="section" aria-label="People at the tile" sx={{ mt: 1 }}>
      <Typography variant="h3" sx={{ mb: 1 }}>
        People
      </Typography>
      <TextField
        select
        hiddenLabel
        fullWidth
        value={state}
        onChange={(event) => setState(event.target.value as State)}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Which people" } } }}
      >
        {Object.entries(STATES).map(([value, { label }]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      {found?.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          {STATES[state].none}
        </Typography>
      )}
      {shared && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          {shared}
        </Typography>
      )}
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0, mt: 0.5 }}>
        {found?.map((person, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: whoever may not be seen has no identity
          <Person key={at} person={person} explained={shared !== null} />
        ))}
      </Box>
      {people.hasNextPage && (
        <Button
          size="small"
          sx={{ mt: 1 }}
          loading={people.isFetchingNextPage}
          onClick={() => people.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Box>
  );
}

/** The explanation, if all of several people have the same. */
function findShared(people: PersonInJourney[]): string | null {
  const [first, ...rest] = people;
  const isShared = first && rest.length > 0 && rest.every((each) => each.explanation === first.explanation);
  return isShared ? first.explanation : null;
}

function Person({ person, explained }: { person: PersonInJourney; explained: boolean }) {
  const who = person.name || person.email || "Somebody whom you may not see";
  return (
    <Box component="li" sx={{ py: 0.75, borderTop: 1, borderColor: "divider", overflowWrap: "anywhere" }}>
      <Typography variant="body2" sx={{ fontWeight: 570 }}>
        {person.contact_id === null ? (
          who
        ) : (
          <MuiLink component={Link} to={`/contacts/${person.contact_id}`} color="inherit" underline="hover">
            {who}
          </MuiLink>
        )}
      </Typography>
      {!explained && (
        <Typography variant="caption" component="p" color="textSecondary">
          {person.explanation}
        </Typography>
      )}
      <Typography variant="caption" component="p" color="textSecondary">
        {sayWhen(person.step)}
      </Typography>
    </Box>
  );
}

/** When they came, and when they left or until when they wait. */
function sayWhen({ arrived_at, left_at, due_at, kind, iteration }: PersonInJourney["step"]): string {
  const times = [`Came ${formatRelative(arrived_at)}`];
  if (left_at !== null) times.push(`left ${formatRelative(left_at)}`);
  else if (due_at !== null && kind !== "email") times.push(`waits until ${formatMoment(due_at)}`);
  if (iteration > 1) times.push(`iteration ${iteration}`);
  return times.join(" · ");
}
