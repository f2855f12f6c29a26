import {
  Autocomplete,
  Box,
  Button,
  IconButton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from "@mui/material";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useInput, useRecordContext } from "react-admin";
import { ForScreenReaders } from "@/shared/ForScreenReaders";
import { LANGUAGES, nameLanguage } from "@/shared/languages";
import { Section } from "@/shared/Section";

type Labels = Record<string, Record<string, string>>;

/** The options of a column, and what each is called in the languages of those who read the mails. */
export function OptionLabels() {
  const record = useRecordContext();
  const optionsInput = useInput({ source: "options" });
  const labelsInput = useInput({ source: "option_labels" });
  const options: string[] = optionsInput.field.value || [];
  const labels: Labels = labelsInput.field.value || {};
  const [added, setAdded] = useState<string[]>([]);
  const kept = new Set<string>(record?.options ?? []);
  const named = Object.values(labels).flatMap((names) => Object.keys(names));
  const languages = [...new Set([...named, ...added])].sort();
  function nameOption(option: string, language: string, label: string) {
    const { [language]: _, ...others } = labels[option] ?? {};
    labelsInput.field.onChange({ ...labels, [option]: label ? { ...others, [language]: label } : others });
  }
  function removeOption(option: string) {
    const { [option]: _, ...others } = labels;
    optionsInput.field.onChange(options.filter((each) => each !== option));
    labelsInput.field.onChange(others);
  }
  return (
    <Section
      title="Options"
      description="Emails show an option by its name in the language of each reader, and as it is stored where it has none."
      actions={
        <AddLanguage known={languages} onAdd={(language) => setAdded((before) => [...before, language])} />
      }
    >
      {options.length > 0 && (
        <Box sx={{ position: "relative", overflowX: "auto", mb: 2 }}>
          <Table size="small" aria-label="Options by language">
            <TableHead>
              <TableRow>
                <TableCell>Stored as</TableCell>
                {languages.map((language) => (
                  <TableCell key={language}>{nameLanguage(language)}</TableCell>
                ))}
                <TableCell>
                  <ForScreenReaders>Take away</ForScreenReaders>
                </TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {options.map((option) => (
                <TableRow key={option}>
                  <TableCell component="th" scope="row" sx={{ overflowWrap: "anywhere", minWidth: 110 }}>
                    {option}
                  </TableCell>
                  {languages.map((language) => (
                    <TableCell key={language} sx={{ minWidth: 170 }}>
                      <TextField
                        hiddenLabel
                        fullWidth
                        placeholder={option}
                        value={labels[option]?.[language] ?? ""}
                        onChange={(event) => nameOption(option, language, event.target.value)}
                        slotProps={{
                          htmlInput: {
                            "aria-label": `${option} in ${nameLanguage(language)}`,
                            maxLength: 200,
                          },
                        }}
                      />
                    </TableCell>
                  ))}
                  <TableCell align="right">
                    {!kept.has(option) && (
                      <IconButton
                        size="small"
                        aria-label={`Take ${option} away`}
                        onClick={() => removeOption(option)}
                      >
                        <X size={16} aria-hidden />
                      </IconButton>
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
      {options.length === 0 && (
        <Typography color="textSecondary" sx={{ mb: 2 }}>
          Add the first option that people can have.
        </Typography>
      )}
      <AddOption known={options} onAdd={(option) => optionsInput.field.onChange([...options, option])} />
    </Section>
  );
}

function AddOption({ known, onAdd }: { known: string[]; onAdd: (option: string) => void }) {
  const [text, setText] = useState("");
  const option = text.trim();
  const isKnown = known.includes(option);
  function add() {
    if (!option || isKnown) return;
    onAdd(option);
    setText("");
  }
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "flex-end" }}>
      <TextField
        label="New option"
        value={text}
        error={isKnown}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault(); // the form's own button is not meant
          add();
        }}
      />
      <Button
        variant="outlined"
        startIcon={<Plus size={16} aria-hidden />}
        disabled={!option || isKnown}
        onClick={add}
      >
        Add
      </Button>
    </Box>
  );
}

function AddLanguage({ known, onAdd }: { known: string[]; onAdd: (language: string) => void }) {
  const [text, setText] = useState("");
  return (
    <Autocomplete
      sx={{ width: 220 }}
      options={LANGUAGES.filter(({ id }) => !known.includes(id))}
      getOptionLabel={({ name }) => name}
      value={null}
      inputValue={text}
      onInputChange={(_, value, reason) => setText(reason === "input" ? value : "")}
      onChange={(_, language) => language && onAdd(language.id)}
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          hiddenLabel
          placeholder="Add a language"
          slotProps={{
            ...parameters.slotProps,
            htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": "Add a language" },
          }}
        />
      )}
    />
  );
}
