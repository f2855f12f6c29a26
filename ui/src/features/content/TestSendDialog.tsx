import { TextField } from "@mui/material";
import { useState } from "react";
import { useGetIdentity } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Email } from "@/shared/model";
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
  const { busy, problems, act } = useAct();
  const text = typed ?? String(identity?.email ?? "");
  const addresses = text.split(/[\s,;]+/).filter(Boolean);
  async function send() {
    const body = { addresses, contact_id: contact };
    const done = await act(
      () => call(`/emails/${email.id}/test-send`, { method: "POST", body }),
      "The test is on its way.",
    );
    if (done !== undefined) onClose();
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
      {problems.length > 0 && <ProblemsList problems={problems} />}
    </ConfirmDialog>
  );
}
