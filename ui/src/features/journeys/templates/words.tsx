import { Autocomplete, Box, MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { humanise } from "@/shared/format";
import { call } from "@/shared/http";
import { LANGUAGES, nameLanguage } from "@/shared/languages";
import type { TemplateChoices } from "@/shared/model";

/** What a template says of itself. */
export interface Words {
  name: string;
  description: string;
  purpose: string;
  language: string;
  tags: string[];
}

const NO_CHOICES: TemplateChoices = { purposes: [], languages: [], tags: [] };

/** The purposes, languages and tags that templates have. */
export function useChoices(enabled = true): TemplateChoices {
  const { data } = useQuery({
    queryKey: ["journey-templates", "choices"],
    queryFn: () => call<TemplateChoices>("/journey-templates/choices"),
    enabled,
  });
  return data ?? NO_CHOICES;
}

/** "re-engagement" → "Re-engagement". */
export const namePurpose = humanise;

export function WordsFields({ words, onChange }: { words: Words; onChange: (words: Words) => void }) {
  const choices = useChoices();
  const known = LANGUAGES.some((each) => each.id === words.language);
  return (
    <Box sx={{ display: "grid", gap: 1.5, mt: 0.5 }}>
      <TextField
        autoFocus
        required
        label="Name"
        value={words.name}
        onChange={(event) => onChange({ ...words, name: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <TextField
        multiline
        minRows={2}
        label="Description"
        placeholder="What the journey does, and for whom"
        value={words.description}
        onChange={(event) => onChange({ ...words, description: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 5000 } }}
      />
      <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: { xs: "1fr", sm: "1fr 1fr" } }}>
        <Autocomplete
          freeSolo
          options={choices.purposes}
          value={words.purpose}
          inputValue={words.purpose}
          onInputChange={(_, purpose) => onChange({ ...words, purpose })}
          renderInput={(parameters) => (
            <TextField {...parameters} label="Purpose" placeholder="Newsletter, welcome, event …" />
          )}
        />
        <TextField
          select
          label="Language"
          value={words.language}
          onChange={(event) => onChange({ ...words, language: event.target.value })}
        >
          {!known && <MenuItem value={words.language}>{nameLanguage(words.language) || "None"}</MenuItem>}
          {LANGUAGES.map((language) => (
            <MenuItem key={language.id} value={language.id}>
              {language.name}
            </MenuItem>
          ))}
        </TextField>
      </Box>
      <Autocomplete
        multiple
        freeSolo
        autoSelect
        options={choices.tags}
        value={words.tags}
        onChange={(_, tags) => onChange({ ...words, tags })}
        renderInput={(parameters) => (
          <TextField {...parameters} label="Tags" helperText="Press Enter after each." />
        )}
      />
    </Box>
  );
}
