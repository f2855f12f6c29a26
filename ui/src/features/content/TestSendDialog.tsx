import { Alert, TextField } from "@mui/material";
import { useState } from "react";
import { useGetIdentity, useNotify } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { Email, TestSend } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { describeContact, RecordPicker } from "@/shared/RecordPicker";
import { useAct } from "@/shared/useAct";

interface Props {
  email: Email;
  open: boolean;
  onClose: () => void;
}

const EMAIL_SORT = { field: "email", order: "ASC" as const };

/** Send what was saved last to some addresses, as a chosen contact would get it. It counts nowhere. */
export function TestSendDialog({ email, open, onClose }: Props) {
  const { identity } = useGetIdentity();
  const [typed, setTyped] = useState<string | null>(null);
  const [contact, setContact] = useState<number | null>(null);
  const [refused, setRefused] = useState<TestSend["results"]>([]);
  const { busy, problems, act } = useAct();
  const notify = useNotify();
  const text = typed ?? String(identity?.email ?? "");
  const addresses = text.split(/[\s,;]+/).filter(Boolean);
  async function send() {
    const body = { addresses, contact_id: contact };
    const answer = await act(() => call<TestSend>(`/emails/${email.id}/test-send`, { method: "POST", body }));
    if (!answer) return;
    const refusals = answer.results.filter((result) => !result.accepted);
    setRefused(refusals);
    if (refusals.length > 0) return;
    notify(`Sent to ${formatCount(answer.results.length, "address", "addresses")}.`, { type: "success" });
    onClose();
  }
  return (
    <ConfirmDialog
      open={open}
      title="Test send"
      confirmLabel="Send the test"
      busy={busy}
      onConfirm={send}
      onClose={onClose}
    >
      <TextField
        label="Addresses"
        value={text}
        onChange={(event) => setTyped(event.target.value)}
        helperText="Separated by commas. Tests never count in insights."
        fullWidth
        sx={{ mb: 1.5, mt: 0.5 }}
      />
      <RecordPicker
        resource="contacts"
        label="As this contact"
        value={contact}
        describe={describeContact}
        sort={EMAIL_SORT}
        onChange={setContact}
        helperText="Nobody chosen: a sample contact."
      />
      {refused.map((result) => (
        <Alert key={result.address} severity="error" sx={{ mt: 1 }}>
          {result.address}: {result.reason}
        </Alert>
      ))}
      {problems.length > 0 && <ProblemsList problems={problems} />}
    </ConfirmDialog>
  );
}
