import {
  Box,
  Button,
  FormControlLabel,
  FormHelperText,
  IconButton,
  Switch,
  TextField,
  Typography,
} from "@mui/material";
import { Plus, Trash2 } from "lucide-react";
import { useInput } from "react-admin";
import { Section } from "@/shared/Section";
import { checkResponses, type ResponseType, readResponses, relabel } from "./responses";

/** The responses that a channel declares: what the partner may tell, and what if/then tiles can ask for. */
export function ResponseTypes() {
  const { field, fieldState } = useInput({
    source: "responses",
    validate: (value) => checkResponses(readResponses(value)),
  });
  const responses = readResponses(field.value);
  const set = (next: ResponseType[]) => field.onChange(next);
  return (
    <Section
      title="Responses"
      description="What can come of reaching somebody. An if/then tile behind the channel's tile can ask for each."
    >
      {responses.length === 0 && (
        <Typography color="textSecondary" sx={{ mb: 1 }}>
          No responses yet. Add one for everything that the partner can tell: delivered, returned, answered.
        </Typography>
      )}
      <Box sx={{ display: "grid", gap: 1.5 }}>
        {responses.map((response, at) => (
          <ResponseRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a key may be typed anew at any moment
            key={at}
            number={at + 1}
            response={response}
            change={(next) => set(responses.map((each, place) => (place === at ? next : each)))}
            remove={() => set(responses.filter((_, place) => place !== at))}
          />
        ))}
      </Box>
      {fieldState.error && (
        <FormHelperText error role="alert">
          {checkResponses(responses) ?? fieldState.error.message}
        </FormHelperText>
      )}
      <Button
        size="small"
        sx={{ mt: 1 }}
        startIcon={<Plus size={16} aria-hidden />}
        onClick={() => set([...responses, { key: "", label: "", custom: false }])}
      >
        Add a response
      </Button>
    </Section>
  );
}

interface RowProps {
  number: number;
  response: ResponseType;
  change: (response: ResponseType) => void;
  remove: () => void;
}

function ResponseRow({ number, response, change, remove }: RowProps) {
  return (
    <Box
      role="group"
      aria-label={`Response ${number}`}
      sx={{
        display: "grid",
        gap: 1.5,
        alignItems: "end",
        gridTemplateColumns: { xs: "1fr", md: "minmax(0, 2fr) minmax(0, 2fr) auto auto" },
      }}
    >
      <TextField
        label="Name"
        placeholder="Came back"
        value={response.label}
        onChange={(event) => change(relabel(response, event.target.value))}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
      <TextField
        label="Key"
        placeholder="came_back"
        value={response.key}
        onChange={(event) => change({ ...response, key: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 63, spellCheck: false } }}
      />
      <FormControlLabel
        label="Takes a keyword"
        control={
          <Switch
            checked={response.custom}
            onChange={(_, custom) => change({ ...response, custom })}
            slotProps={{ input: { "aria-label": `Takes a keyword: ${response.label || number}` } }}
          />
        }
      />
      <IconButton aria-label={`Remove the response ${response.label || number}`} onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}
