import { Button, TextField } from "@mui/material";
import { Ban } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { SuppressionDetail } from "@/shared/model";
import { readMoment } from "@/shared/moments";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";

/** Suppresses an address, a domain or a local part by hand. */
export function SuppressButton() {
  const mayAdminister = useMay("administer");
  const [asking, setAsking] = useState(false);
  const [key, setKey] = useState("");
  const [note, setNote] = useState("");
  const [until, setUntil] = useState("");
  const { busy, refusal, act } = useAct();
  async function suppress() {
    const body = { key, note, until: readMoment(until) };
    const made = await act(
      () => call<SuppressionDetail>("/suppressions", { method: "POST", body }),
      "It is not written to any more.",
    );
    if (made) close();
  }
  function close() {
    setAsking(false);
    setKey("");
    setNote("");
    setUntil("");
  }
  if (!mayAdminister) return null;
  return (
    <>
      <Button variant="contained" startIcon={<Ban size={18} aria-hidden />} onClick={() => setAsking(true)}>
        Suppress an address
      </Button>
      <ConfirmDialog
        open={asking}
        title="Suppress an address"
        confirmLabel="Suppress"
        busy={busy}
        refusal={refusal}
        disabled={key.trim() === ""}
        onConfirm={suppress}
        onClose={close}
      >
        <TextField
          fullWidth
          autoFocus
          label="Address"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          helperText="An address, a whole domain (@example.com) or a local part wherever it is (office@)."
          sx={{ mt: 0.5, mb: 1 }}
        />
        <TextField
          fullWidth
          multiline
          label="Why"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          helperText="It stays in the trail, for your colleagues."
          sx={{ mb: 1 }}
        />
        <TextField
          fullWidth
          type="datetime-local"
          label="Until"
          value={until}
          onChange={(event) => setUntil(event.target.value)}
          helperText="Nothing chosen: until somebody releases it. In your own time zone."
        />
      </ConfirmDialog>
    </>
  );
}
