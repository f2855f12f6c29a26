import { TextField } from "@mui/material";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Email, EmailTemplateRow } from "@/shared/model";
import { useAct } from "@/shared/useAct";

interface Props {
  email: Email;
  open: boolean;
  onClose: () => void;
}

/** Makes a template of what was saved last; it is a copy, and later changes do not reach it. */
export function SaveAsTemplateDialog({ email, open, onClose }: Props) {
  const [name, setName] = useState(email.name);
  const [description, setDescription] = useState("");
  const [labels, setLabels] = useState("");
  const { busy, act } = useAct();
  async function save() {
    const body = {
      name,
      description,
      labels: labels
        .split(",")
        .map((label) => label.trim())
        .filter(Boolean),
    };
    const path = `/emails/${email.id}/save-as-template`;
    const made = await act(
      () => call<EmailTemplateRow>(path, { method: "POST", body }),
      "Saved as a template.",
    );
    if (made) onClose();
  }
  return (
    <ConfirmDialog
      open={open}
      title="Save as template"
      confirmLabel="Save the template"
      busy={busy}
      disabled={name.trim() === ""}
      onConfirm={save}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        fullWidth
        sx={{ mb: 1.5, mt: 0.5 }}
      />
      <TextField
        label="Description"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        multiline
        fullWidth
        sx={{ mb: 1.5 }}
      />
      <TextField
        label="Labels"
        value={labels}
        onChange={(event) => setLabels(event.target.value)}
        helperText="Separated by commas."
        fullWidth
      />
    </ConfirmDialog>
  );
}
