import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle } from "@mui/material";
import { useId, useState } from "react";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { QuickSendResult } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { RecordPicker } from "@/shared/RecordPicker";
import { useAct } from "@/shared/useAct";
import { PeoplePicker } from "./PeoplePicker";
import { QuickSendOutcome } from "./QuickSendOutcome";
import { QuickSendPreview } from "./QuickSendPreview";
import { useReadiness } from "./readiness";

interface Props {
  contactIds: number[];
  emailId: number | null;
  most: number;
  onClose: () => void;
}

/** Chooses an email and people, shows what each would read and what stands against it, sends, and tells the result. */
export function QuickSendDialog({ contactIds, emailId, most, onClose }: Props) {
  const id = useId();
  const [email, setEmail] = useState(emailId);
  const [people, setPeople] = useState(contactIds);
  const [sent, setSent] = useState<QuickSendResult | null>(null);
  const [key] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join("-")); // pressed twice, it is sent once
  const readiness = useReadiness(email);
  const { busy, problems, refusal, act } = useAct();
  async function send() {
    const body = { contact_ids: people, idempotency_key: `${key} ${email} ${people}` };
    const made = await act(() =>
      call<QuickSendResult>(`/emails/${email}/quick-send`, { method: "POST", body }),
    );
    if (made) setSent(made);
  }
  const isReady = readiness.isReady && people.length > 0 && people.length <= most;
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>{sent ? "It is on its way" : "Quick send"}</DialogTitle>
      <DialogContent>
        {sent ? (
          <QuickSendOutcome sent={sent} />
        ) : (
          <>
            <RecordPicker
              resource="emails"
              label="Email"
              value={email}
              onChange={setEmail}
              sort={{ field: "updated_at", order: "DESC" }}
            />
            <PeoplePicker people={people} most={most} onChange={setPeople} />
            {readiness.sentence && (
              <Alert severity={readiness.severity} sx={{ mb: 1.5 }}>
                {readiness.sentence}
              </Alert>
            )}
            {readiness.problems.length > 0 && <ProblemsList problems={readiness.problems} />}
            {email !== null && people[0] !== undefined && (
              <QuickSendPreview emailId={email} people={people} />
            )}
            {refusal && (
              <Alert severity="error" sx={{ mt: 1.5 }}>
                {refusal}
              </Alert>
            )}
            {problems.length > 0 && <ProblemsList problems={problems} />}
          </>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={onClose}>
          {sent ? "Close" : "Cancel"}
        </Button>
        {!sent && (
          <Button variant="contained" loading={busy} disabled={!isReady} onClick={send}>
            {people.length > 0 ? `Send to ${formatCount(people.length, "person", "people")}` : "Send"}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
