import { Alert, Box, Button, LinearProgress, Typography } from "@mui/material";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useGetOne, useNotify } from "react-admin";
import { Link, useNavigate, useParams } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { formatDateTime, formatRatio } from "@/shared/format";
import { call } from "@/shared/http";
import type { Journey, Rehearsal } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ProblemsList } from "@/shared/ProblemsList";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { describePlace } from "../places";
import { Report } from "./Report";

const COMING = new Set(["waiting", "running"]);
const POLL_MS = 500;

/** One rehearsal: how far it is, then what it found. */
export function RehearsalPage() {
  const { id, rehearsal: number } = useParams();
  const { data: journey } = useGetOne<Journey & { id: number }>("journeys", { id: Number(id) });
  const { data: rehearsal, error } = useQuery({
    queryKey: ["rehearsal", id, number],
    queryFn: () => call<Rehearsal>(`/journeys/${id}/rehearsals/${number}`),
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (COMING.has(state.data?.status ?? "") ? POLL_MS : false),
    refetchIntervalInBackground: true,
    retry: false,
  });
  const parent = { label: "Rehearsals", to: `/journeys/${id}/rehearsals` };
  if (error) {
    return (
      <>
        <PageHeader parent={parent} title="Rehearsal" />
        <Alert severity="warning">{sentenceOf(error)}</Alert>
      </>
    );
  }
  if (!journey || !rehearsal) return null;
  return (
    <>
      <PageHeader
        parent={parent}
        title={`Rehearsal of “${journey.name || "Journey without a name"}”`}
        status={<StatusChip status={rehearsal.status} />}
        subtitle={`Asked for ${formatDateTime(rehearsal.created_at)}`}
        actions={<Commands rehearsal={rehearsal} />}
      />
      {COMING.has(rehearsal.status) && <Progress rehearsal={rehearsal} />}
      {(rehearsal.status === "failed" || rehearsal.status === "interrupted") && (
        <Failure rehearsal={rehearsal} journey={journey} />
      )}
      {rehearsal.report && <Report report={rehearsal.report} journey={journey} />}
    </>
  );
}

function Commands({ rehearsal }: { rehearsal: Rehearsal }) {
  const mayEdit = useMay("edit");
  const [busy, setBusy] = useState(false);
  const cache = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const list = `/journeys/${rehearsal.journey_id}/rehearsals`;
  const isComing = COMING.has(rehearsal.status);
  if (!mayEdit) return null;
  async function forget() {
    setBusy(true);
    try {
      await call(`${list}/${rehearsal.id}`, { method: "DELETE" });
      // Only the list is asked for again: what is still shown here is gone.
      await cache.invalidateQueries({ queryKey: ["rehearsals", rehearsal.journey_id] });
      notify(isComing ? "The rehearsal is cancelled." : "The rehearsal is deleted.", { type: "success" });
      navigate(list);
    } catch (error) {
      notify(sentenceOf(error), { type: "error", autoHideDuration: 8000 });
      setBusy(false);
    }
  }
  return (
    <>
      <Button
        color="inherit"
        disabled={busy}
        startIcon={isComing ? <X size={16} aria-hidden /> : <Trash2 size={16} aria-hidden />}
        onClick={forget}
      >
        {isComing ? "Cancel" : "Delete"}
      </Button>
      {!isComing && (
        <Button
          variant="outlined"
          component={Link}
          to={list}
          state={{ again: rehearsal.options }}
          startIcon={<RotateCcw size={16} aria-hidden />}
        >
          Rehearse again
        </Button>
      )}
    </>
  );
}

function Progress({ rehearsal }: { rehearsal: Rehearsal }) {
  const isWaiting = rehearsal.status === "waiting";
  return (
    <Section title={isWaiting ? "It waits for its turn" : "It is being played"}>
      <LinearProgress
        aria-label="How much of the virtual time has passed"
        variant={isWaiting ? "indeterminate" : "determinate"}
        {...(isWaiting ? {} : { value: rehearsal.progress * 100 })}
      />
      <Box sx={{ display: "flex", gap: 2, mt: 1.5 }}>
        <Typography role="status" sx={{ flex: 1 }}>
          {isWaiting
            ? "Two rehearsals are played at once; a worker takes the next as soon as one has ended."
            : describeProgress(rehearsal)}
        </Typography>
        <Typography color="textSecondary">Nothing is sent.</Typography>
      </Box>
    </Section>
  );
}

function describeProgress({ progress, virtual_now }: Rehearsal): string {
  if (!virtual_now) return "The stage is being set: the journey is drawn there, and its audience is copied.";
  return `${formatRatio(progress)}. The virtual clock shows ${formatDateTime(virtual_now)}.`;
}

function Failure({ rehearsal, journey }: { rehearsal: Rehearsal; journey: Journey }) {
  return (
    <Section title="There is no result">
      <Alert
        severity="error"
        sx={{ mb: rehearsal.problems.length ? 2 : 0 }}
        action={
          rehearsal.problems.length > 0 && (
            <Button color="inherit" component={Link} to={`/journeys/${journey.id}`}>
              Mend the journey
            </Button>
          )
        }
      >
        {rehearsal.error} Nothing was sent.
      </Alert>
      {rehearsal.problems.length > 0 && (
        <ProblemsList
          problems={rehearsal.problems}
          describePlace={(where) => describePlace(where, journey.definition)}
        />
      )}
    </Section>
  );
}
