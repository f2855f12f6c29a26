import { Box } from "@mui/material";
import { humanise } from "@/shared/format";

type Tone = "good" | "calm" | "busy" | "bad" | "quiet";

const TONES: Record<string, Tone> = {
  on: "good",
  off: "quiet",
  confirmed: "good",
  withdrawn: "quiet",
  live: "good",
  done: "good",
  active: "good",
  qualified: "good",
  open: "calm",
  running: "busy",
  in_progress: "busy",
  finished: "good",
  scheduled: "calm",
  going_live: "busy",
  live_editable: "busy",
  stopping: "busy",
  waiting: "calm",
  draft: "calm",
  queued: "calm",
  sending: "busy",
  sent: "busy",
  delivered: "good",
  blocked: "bad",
  hard_bounced: "bad",
  soft_bounced: "bad",
  block_bounced: "bad",
  have_a_look: "calm",
  not_translated: "bad",
  verified: "good",
  not_verified: "calm",
  records_missing: "bad",
  working: "good",
  paused: "bad",
  no_sender_runs: "quiet",
  suppressed: "bad",
  released: "quiet",
  over: "quiet",
  stopped: "quiet",
  expired: "quiet",
  interrupted: "bad",
  failed: "bad",
  error: "bad",
};

const COLOURS: Record<Tone, string> = {
  good: "success.main",
  calm: "info.main",
  busy: "warning.main",
  bad: "error.main",
  quiet: "text.secondary",
};

const LABELS: Record<string, string> = { live_editable: "Live, editable" };

/** A record's state as a coloured dot and a word; the colour never says anything alone. */
export function StatusChip({ status }: { status: string | null | undefined }) {
  if (!status) return null;
  const colour = COLOURS[TONES[status] ?? "quiet"];
  return (
    <Box
      component="span"
      className={`status status-${status}`}
      sx={{
        display: "inline-flex",
        alignItems: "center",
        gap: 0.75,
        px: 1,
        py: 0.25,
        borderRadius: 99,
        border: 1,
        borderColor: "divider",
        bgcolor: "background.paper",
        fontSize: 12.5,
        fontWeight: 550,
        whiteSpace: "nowrap",
        color: "text.primary",
      }}
    >
      <Box component="span" sx={{ width: 7, height: 7, borderRadius: 99, bgcolor: colour }} />
      {LABELS[status] ?? humanise(status)}
    </Box>
  );
}
