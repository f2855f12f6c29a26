import { Alert, Box, Button, LinearProgress, TextField, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { Fields } from "@/shared/Fields";
import { call } from "@/shared/http";
import type { Assumptions, Journey, Rehearsal } from "@/shared/model";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { findTile, readDefinition } from "../definition";
import { titleOf } from "../tiles/registry";
import { AssumptionTable } from "./AssumptionTable";
import {
  checkTyped,
  type DelayKey,
  type Draft,
  isWhole,
  NEW_DRAFT,
  type Options,
  type RateKey,
  toDraft,
  toOptions,
} from "./options";

const MOST_PEOPLE = 1_000_000;
const MOST_DAYS = 366;

function isUsable({ days, people, seed, typed }: Draft): boolean {
  const values = Object.values(typed).flatMap((each) => Object.entries(each));
  return (
    (days.trim() === "" || isWhole(days, 1, MOST_DAYS)) &&
    isWhole(people, 1, MOST_PEOPLE) &&
    isWhole(seed, 0, 2 ** 31 - 1) &&
    values.every(([key, text]) => checkTyped(key as RateKey | DelayKey, text) === undefined)
  );
}

/** What to rehearse, with whom, and what is assumed of them. */
export function RehearsalForm({ journey }: { journey: Journey }) {
  const { state } = useLocation();
  const [draft, setDraft] = useState<Draft>(() =>
    state?.again ? toDraft(state.again as Options) : NEW_DRAFT,
  );
  const { busy, act } = useAct();
  const navigate = useNavigate();
  const path = `/journeys/${journey.id}/rehearsals`;
  const assumed = useQuery({
    queryKey: ["assumptions", journey.id, journey.updated_at],
    queryFn: () => call<Assumptions>(`${path}/assumptions`),
  });
  const assumptions = assumed.data?.assumptions ?? [];
  async function start() {
    const body = toOptions(draft, assumptions);
    const made = await act(() => call<Rehearsal>(path, { method: "POST", body }));
    if (made) navigate(`${path}/${made.id}`);
  }
  return (
    <Section
      title="New rehearsal"
      description="Plays the journey, as it was last saved, through the real engine on a virtual clock. Nothing is sent, and nothing live is changed."
    >
      <Numbers draft={draft} onChange={setDraft} />
      <Typography variant="h3" component="h3" sx={{ mt: 1 }}>
        What people do
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        Type over what you know better. What is left empty is assumed as it stands there.
      </Typography>
      {assumed.isPending && <LinearProgress aria-label="Fetching what is assumed" />}
      {assumed.error && <Alert severity="warning">{sentenceOf(assumed.error)}</Alert>}
      {assumed.data && assumptions.length === 0 && (
        <Typography>
          No email is chosen at any tile yet, so there are no readers to assume anything of.
        </Typography>
      )}
      {assumptions.length > 0 && (
        <AssumptionTable
          assumptions={assumptions}
          nameTile={(tile) => nameTile(journey, tile)}
          typed={draft.typed}
          onType={(typed) => setDraft({ ...draft, typed })}
        />
      )}
      {assumed.data?.notes.map((note) => (
        <Alert key={note} severity="info" sx={{ mt: 1 }}>
          {note}
        </Alert>
      ))}
      <Box sx={{ mt: 2.5 }}>
        <Button
          variant="contained"
          loading={busy}
          disabled={!isUsable(draft) || assumed.isPending}
          startIcon={<Play size={16} aria-hidden />}
          onClick={start}
        >
          Start the rehearsal
        </Button>
      </Box>
    </Section>
  );
}

function nameTile(journey: Journey, id: number): string {
  const tile = findTile(readDefinition(journey.definition), id);
  return tile ? titleOf(tile) : `Tile ${id}`;
}

function Numbers({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const set = (values: Partial<Draft>) => onChange({ ...draft, ...values });
  return (
    <Fields columns={4}>
      <TextField
        label="People, at most"
        type="number"
        value={draft.people}
        error={!isWhole(draft.people, 1, MOST_PEOPLE)}
        helperText="Of a larger audience so many, by lot; up to a million."
        onChange={(event) => set({ people: event.target.value })}
        slotProps={{ htmlInput: { min: 1, max: MOST_PEOPLE } }}
      />
      <TextField
        label="Days"
        type="number"
        placeholder="to its end, or 60"
        value={draft.days}
        error={draft.days.trim() !== "" && !isWhole(draft.days, 1, MOST_DAYS)}
        helperText="Empty: to the journey's end, or 60; up to 366."
        onChange={(event) => set({ days: event.target.value })}
        slotProps={{ htmlInput: { min: 1, max: MOST_DAYS } }}
      />
      <TextField
        label="Begins"
        type="datetime-local"
        value={draft.startAt}
        helperText="Empty: at the journey's start, or now."
        onChange={(event) => set({ startAt: event.target.value })}
      />
      <TextField
        label="Lot"
        type="number"
        value={draft.seed}
        error={!isWhole(draft.seed, 0, 2 ** 31 - 1)}
        helperText="The same number gives the same result."
        onChange={(event) => set({ seed: event.target.value })}
        slotProps={{ htmlInput: { min: 0 } }}
      />
    </Fields>
  );
}
