import { Box, Link as MuiLink, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Interaction } from "@/shared/model";
import { RecordName } from "@/shared/RecordName";
import { Section } from "@/shared/Section";

/** What people say to what the log calls by its own names. */
const WORDS: Record<string, string> = {
  ActivityContactDispatched: "Came to a tile",
  PassThroughActivityContactProcessed: "Went on from a tile",
  ActivityContactBlocked: "Stopped at a tile",
  ActivityContactExpired: "Passed a tile without its message",
  ActivityContactProcessingFailed: "Failed at a tile",
  SegmentUnsubscribed: "Unsubscribed",
  SegmentSubscribed: "Subscribed",
  EmailSubscriptionSubmit: "Submitted their preferences",
};

/** What happened with a contact, the latest first. */
export function Timeline({ contactId }: { contactId: number }) {
  const { data, error } = useQuery({
    queryKey: ["timeline", contactId],
    queryFn: () => call<{ items: Interaction[] }>(`/contacts/${contactId}/timeline`),
    refetchInterval: 10_000,
    retry: false,
  });
  if (error) return null;
  return (
    <Section title="Timeline" sx={{ mt: 3 }}>
      {data?.items.length === 0 && <Typography color="textSecondary">Nothing has happened yet.</Typography>}
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0 }}>
        {data?.items.map((item, number) => (
          <Box
            component="li"
            // biome-ignore lint/suspicious/noArrayIndexKey: two interactions may be equal in everything
            key={number}
            sx={{ display: "flex", gap: 2, py: 0.75, borderTop: number ? 1 : 0, borderColor: "divider" }}
          >
            <TimelineEntry item={item} />
          </Box>
        ))}
      </Box>
    </Section>
  );
}

function TimelineEntry({ item }: { item: Interaction }) {
  return (
    <>
      <Typography variant="body2" sx={{ flex: "1 1 40%", fontWeight: 550 }} title={item.meaning}>
        {WORDS[item.type] ?? humanise(item.type)}
        {item.reason && ` (${humanise(item.reason).toLowerCase()})`}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ flex: "1 1 40%" }}>
        {item.email_id !== null ? (
          <MuiLink component={Link} to={`/emails/${item.email_id}`} underline="hover">
            <RecordName resource="emails" id={item.email_id} />
          </MuiLink>
        ) : (
          item.journey_id !== null && (
            <MuiLink component={Link} to={`/journeys/${item.journey_id}/show`} underline="hover">
              <RecordName resource="journeys" id={item.journey_id} />
            </MuiLink>
          )
        )}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ whiteSpace: "nowrap" }}>
        {formatDateTime(item.at)}
      </Typography>
    </>
  );
}
