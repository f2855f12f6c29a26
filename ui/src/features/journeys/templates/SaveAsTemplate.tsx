import { FormControlLabel, FormHelperText, Switch, Typography } from "@mui/material";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Journey, JourneyTemplate } from "@/shared/model";
import { useAct } from "@/shared/useAct";
import { type Words, WordsFields } from "./words";

interface Props {
  journey: Journey;
  open: boolean;
  onClose: () => void;
}

/** Keep a journey as what others may begin with. */
export function SaveAsTemplate({ journey, open, onClose }: Props) {
  const [words, setWords] = useState<Words>({
    name: journey.name,
    description: journey.description,
    purpose: "",
    language: "en",
    tags: [],
  });
  const [keep, setKeep] = useState(false);
  const { busy, act } = useAct();
  async function save() {
    const body = { ...words, keep_references: keep };
    const made = await act(
      () => call<JourneyTemplate>(`/journeys/${journey.id}/template`, { method: "POST", body }),
      "Saved. Find it under Journeys, New journey.",
    );
    if (made) onClose();
  }
  return (
    <ConfirmDialog
      open={open}
      title="Save as template"
      confirmLabel="Save as template"
      busy={busy}
      disabled={!words.name.trim()}
      onConfirm={save}
      onClose={onClose}
    >
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1.5 }}>
        Tiles and settings are copied as they were last saved. The journey itself stays as it is.
      </Typography>
      <WordsFields words={words} onChange={setWords} />
      <FormControlLabel
        sx={{ mt: 1 }}
        label="Keep its segments, emails and other records"
        control={<Switch checked={keep} onChange={(_, checked) => setKeep(checked)} />}
      />
      <FormHelperText>
        Otherwise they are left open, to be chosen anew in each journey that is drawn from it.
      </FormHelperText>
    </ConfirmDialog>
  );
}
