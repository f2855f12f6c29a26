import {
  Alert,
  Button,
  CircularProgress,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "@/shared/errors";
import { humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Email, EmailCheck } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { useAct } from "@/shared/useAct";

interface Props {
  email: Email;
  mode: "check" | "go-live";
  open: boolean;
  onClose: () => void;
}

/** Every problem of what was saved last; from here the email goes live when there is no error. */
export function CheckDialog({ email, mode, open, onClose }: Props) {
  const { busy, act } = useAct();
  const check = useQuery({
    queryKey: ["email-check", email.id, email.updated_at],
    queryFn: () => call<EmailCheck>(`/emails/${email.id}/check`, { method: "POST" }),
    enabled: open,
    gcTime: 0,
  });
  const problems = check.data?.problems;
  const hasErrors = problems?.some((problem) => problem.severity === "error") ?? true;
  async function goLive() {
    const done = await act(
      () => call(`/emails/${email.id}/go-live`, { method: "POST" }),
      `“${email.name}” is live.`,
    );
    if (done !== undefined) onClose();
  }
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="sm" aria-labelledby="email-check-title">
      <DialogTitle id="email-check-title">
        {mode === "go-live" ? `Take “${email.name}” live?` : "Check for errors"}
      </DialogTitle>
      <DialogContent>
        {check.isPending && open && <CircularProgress size={22} aria-label="Checking" />}
        {check.error && <Alert severity="error">{sentenceOf(check.error)}</Alert>}
        {problems && (
          <ProblemsList
            problems={problems}
            allGood="No problems found. The email can go live."
            describePlace={(where) => humanise(where)}
          />
        )}
        {check.data?.spam && (
          <Typography variant="body2" color="textSecondary" sx={{ mt: 1.5 }}>
            {`By Senet's own rules it scores ${check.data.spam.score} of 100 for looking like spam: ${check.data.spam.level}.`}
            {check.data.spam.reasons.map((reason) => ` ${reason.sentence} (+${reason.points}).`)}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={onClose}>
          Close
        </Button>
        {mode === "go-live" && (
          <Button variant="contained" onClick={goLive} loading={busy} disabled={hasErrors}>
            Go live
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
