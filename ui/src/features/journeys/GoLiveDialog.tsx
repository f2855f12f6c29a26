import { Alert, Box, CircularProgress, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useRedirect } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import type { Problem } from "@/shared/errors";
import { formatCount, formatNumber } from "@/shared/format";
import { call } from "@/shared/http";
import type { BlastRadius, Journey } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { useAct } from "@/shared/useAct";
import { EditPreview } from "./EditPreview";
import { describePlace } from "./places";

interface Props {
  journey: Journey;
  open: boolean;
  onClose: () => void;
}

interface Outlook {
  problems: Problem[];
  radius: BlastRadius | null;
}

async function look(id: number): Promise<Outlook> {
  const { problems } = await call<{ problems: Problem[] }>(`/journeys/${id}/check`, { method: "POST" });
  if (problems.some((problem) => problem.severity === "error")) return { problems, radius: null };
  return { problems, radius: await call<BlastRadius>(`/journeys/${id}/blast-radius`) };
}

/** Check, say whom it will reach, and only then go live. */
export function GoLiveDialog({ journey, open, onClose }: Props) {
  const { busy, act, problems } = useAct();
  const redirect = useRedirect();
  const outlook = useQuery({
    queryKey: ["go-live", journey.id, journey.updated_at],
    queryFn: () => look(journey.id),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  });
  const radius = outlook.data?.radius;

  async function confirm() {
    const done = await act(
      () => call(`/journeys/${journey.id}/go-live`, { method: "POST" }),
      `“${journey.name}” is live.`,
    );
    if (done === undefined) return;
    onClose();
    redirect("show", "journeys", journey.id);
  }

  return (
    <ConfirmDialog
      open={open}
      title={`Take “${journey.name}” live?`}
      confirmLabel={
        radius?.would_enter ? `Go live for ${formatCount(radius.would_enter, "contact")}` : "Go live"
      }
      busy={busy || outlook.isFetching}
      disabled={!radius}
      onConfirm={confirm}
      onClose={onClose}
    >
      {outlook.isFetching && !outlook.data && (
        <Box sx={{ display: "flex", gap: 1.5, alignItems: "center", py: 2 }} role="status">
          <CircularProgress size={18} /> Checking for errors and counting the audience…
        </Box>
      )}
      {outlook.error && <Alert severity="error">{outlook.error.message}</Alert>}
      {outlook.data && !radius && (
        <>
          <Typography sx={{ mb: 1.5 }}>The journey cannot go live yet.</Typography>
          <ProblemsList
            problems={outlook.data.problems}
            describePlace={(where) => describePlace(where, journey.definition)}
          />
        </>
      )}
      {radius && journey.live_version !== null && (
        <EditPreview journeyId={journey.id} updatedAt={journey.updated_at} />
      )}
      {radius && <Reach radius={radius} />}
      {problems.length > 0 && <ProblemsList problems={problems} />}
    </ConfirmDialog>
  );
}

function Reach({ radius }: { radius: BlastRadius }) {
  const rest: [string, number][] = [
    ["are suppressed and stop at the audience", radius.suppressed],
    ["have given too little consent", radius.below_consent],
    ["are in the journey already", radius.already_in],
  ];
  return (
    <>
      <Typography variant="h1" component="p" sx={{ fontVariantNumeric: "tabular-nums" }}>
        {formatCount(radius.would_enter, "contact")}
      </Typography>
      <Typography color="textSecondary">will enter as soon as the journey has started.</Typography>
      {rest.some(([, count]) => count > 0) && (
        <Box component="ul" sx={{ pl: 2.5, my: 1.5 }}>
          {rest
            .filter(([, count]) => count > 0)
            .map(([words, count]) => (
              <li key={words}>
                {formatNumber(count)} {words}
              </li>
            ))}
        </Box>
      )}
      {radius.sample.length > 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1.5 }}>
          Among them:{" "}
          {radius.sample
            .slice(0, 5)
            .map((person) => person.name || person.email)
            .join(", ")}
        </Typography>
      )}
    </>
  );
}
