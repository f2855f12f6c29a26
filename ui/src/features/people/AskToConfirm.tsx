import { Button, MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { LEVELS } from "@/shared/consent";
import { call } from "@/shared/http";
import type { ConfirmationSettings, Contact } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { RecordPicker } from "@/shared/RecordPicker";
import { useAct } from "@/shared/useAct";

/** Ask a contact by mail to confirm that they join a list, or a higher consent. Shown where double opt-in is on. */
export function AskToConfirm({ contact }: { contact: Contact }) {
  const mayEdit = useMay("edit");
  const [open, setOpen] = useState(false);
  const settings = useQuery({
    queryKey: ["confirmation-settings"],
    queryFn: () => call<ConfirmationSettings>("/confirmation-settings"),
  });
  if (!mayEdit || !settings.data?.enabled) return null;
  return (
    <>
      <Button color="inherit" startIcon={<MailCheck size={16} aria-hidden />} onClick={() => setOpen(true)}>
        Ask to confirm
      </Button>
      {open && <AskDialog contact={contact} onClose={() => setOpen(false)} />}
    </>
  );
}

function AskDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [level, setLevel] = useState<number | null>(null);
  const [list, setList] = useState<number | null>(null);
  const { busy, act } = useAct();
  const higher = LEVELS.filter((each) => each.id > contact.consent_level);
  async function ask() {
    const body = list === null ? { consent_level: level } : { list_id: list };
    const path = `/contacts/${contact.id}/confirmation-requests`;
    const asked = await act(
      () => call(path, { method: "POST", body }),
      "The mail is on its way. Nothing changes before it is confirmed.",
    );
    if (asked !== undefined) onClose();
  }
  return (
    <ConfirmDialog
      open
      title="Ask by mail"
      confirmLabel="Send the mail"
      busy={busy}
      disabled={(list === null) === (level === null)}
      onConfirm={ask}
      onClose={onClose}
    >
      <RecordPicker
        resource="lists"
        label="To join this list"
        value={list}
        onChange={(id) => {
          setList(id);
          setLevel(null);
        }}
      />
      <TextField
        select
        fullWidth
        label="Or to raise the consent to"
        value={level ?? ""}
        disabled={higher.length === 0}
        onChange={(event) => {
          setLevel(Number(event.target.value));
          setList(null);
        }}
        helperText={higher.length === 0 ? "The consent is as high as it can be." : " "}
        sx={{ mt: 2 }}
      >
        {higher.map((each) => (
          <MenuItem key={each.id} value={each.id}>
            {each.name}
          </MenuItem>
        ))}
      </TextField>
    </ConfirmDialog>
  );
}
