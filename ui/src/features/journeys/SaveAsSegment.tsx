import { IconButton, TextField } from "@mui/material";
import { UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";
import type { Period } from "./numbers";

interface Props {
  journeyId: number;
  tile: number;
  /** The number as the API names it: stopped, path:0, reason:consent, delivered … */
  number: string;
  label: string;
  title: string;
  count: number;
  /** The filters under which the number is shown. */
  period: Period;
}

interface Saved {
  segment_id: number;
  size: number;
}

/** Make a segment of exactly the people behind a number. */
export function SaveAsSegment({ journeyId, tile, number, label, title, count, period }: Props) {
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState(`${title}: ${label.toLowerCase()}`);
  const { busy, act } = useAct();
  const redirect = useRedirect();
  const may = useMay("edit");
  async function save() {
    const path = `/journeys/${journeyId}/tiles/${tile}/segment`;
    const saved = await act(
      () =>
        call<Saved>(path, {
          method: "POST",
          body: { number, name, from: period.from || null, to: period.to || null },
        }),
      `“${name}” is a segment.`,
    );
    if (!saved) return;
    setAsking(false);
    redirect("edit", "segments", saved.segment_id);
  }
  if (!may) return null;
  return (
    <>
      <IconButton size="small" aria-label={`Save as segment: ${label}`} onClick={() => setAsking(true)}>
        <UserRoundPlus size={14} aria-hidden />
      </IconButton>
      <ConfirmDialog
        open={asking}
        title="Save as segment"
        confirmLabel="Save as segment"
        busy={busy}
        disabled={!name.trim()}
        onConfirm={save}
        onClose={() => setAsking(false)}
      >
        A static segment of the {number.startsWith("response:") ? "contacts" : formatCount(count, "contact")}{" "}
        behind “{label}”, as they are now.
        <TextField
          fullWidth
          autoFocus
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          sx={{ mt: 2 }}
        />
      </ConfirmDialog>
    </>
  );
}
