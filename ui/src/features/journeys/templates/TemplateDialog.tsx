import {
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  TextField,
  Typography,
} from "@mui/material";
import { Pencil, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { useNavigate } from "react-router-dom";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { JourneyTemplate } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";
import { findTile, readDefinition, type TileId } from "../definition";
import { LazyCanvas } from "../LazyCanvas";
import { titleOf } from "../tiles/registry";
import { TemplateFacts } from "./TemplateCard";
import { WordsFields } from "./words";

interface Props {
  template: JourneyTemplate;
  onClose: () => void;
}

/** A template, large, before it is used; and the way to a journey drawn from it. */
export function TemplateDialog({ template, onClose }: Props) {
  const id = useId();
  const [name, setName] = useState(template.name);
  const mayEdit = useMay("edit");
  const { busy, act } = useAct();
  const navigate = useNavigate();
  async function create() {
    const path = `/journey-templates/${template.id}/journey`;
    const made = await act(() => call<{ journey_id: number }>(path, { method: "POST", body: { name } }));
    if (made) navigate(`/journeys/${made.journey_id}`);
  }
  return (
    <Dialog open onClose={onClose} maxWidth="lg" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>{template.name}</DialogTitle>
      <DialogContent
        sx={{
          display: "grid",
          gap: 3,
          gridTemplateColumns: { xs: "1fr", md: "minmax(0, 3fr) minmax(0, 2fr)" },
        }}
      >
        <Preview template={template} />
        <Box sx={{ display: "flex", flexDirection: "column", gap: 2 }}>
          <Typography>{template.description}</Typography>
          <TemplateFacts template={template} />
          <Typography variant="body2" color="textSecondary">
            The tiles and settings are copied into a draft. Choose its segments and emails there: nothing is
            sent before you take it live.
          </Typography>
          {mayEdit && (
            <TextField
              label="Name of the journey"
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.key === "Enter" && !busy && create()}
              slotProps={{ htmlInput: { maxLength: 200 } }}
            />
          )}
        </Box>
      </DialogContent>
      <DialogActions>
        {mayEdit && !template.shipped && <OwnCommands template={template} onGone={onClose} />}
        <Box sx={{ flex: 1 }} />
        <Button color="inherit" onClick={onClose}>
          Cancel
        </Button>
        {mayEdit && (
          <Button variant="contained" loading={busy} onClick={create}>
            Create journey
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Preview({ template }: { template: JourneyTemplate }) {
  const [selected, setSelected] = useState<TileId | null>(null);
  const definition = readDefinition(template.definition);
  const tile = findTile(definition, selected);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 1 }}>
      <Box sx={{ height: { xs: 300, md: 440 }, border: 1, borderColor: "divider", borderRadius: 3 }}>
        <LazyCanvas definition={definition} direction="down" selected={selected} onSelect={setSelected} />
      </Box>
      <Typography variant="body2" color="textSecondary" role="status" sx={{ minHeight: 20 }}>
        {tile
          ? `${titleOf(tile)}. ${tile.description || "There is no more to say about it."}`
          : "Choose a tile to read what it is for."}
      </Typography>
    </Box>
  );
}

/** What one can do with a template of one's own. */
function OwnCommands({ template, onGone }: { template: JourneyTemplate; onGone: () => void }) {
  const [asking, setAsking] = useState<"change" | "delete" | null>(null);
  const [words, setWords] = useState(template);
  const { busy, act } = useAct();
  const path = `/journey-templates/${template.id}`;
  async function change() {
    const { name, description, purpose, language, tags } = words;
    const body = { name, description, purpose, language, tags };
    if (await act(() => call(path, { method: "PATCH", body }), "The template is changed.")) setAsking(null);
  }
  async function remove() {
    const gone = await act(async () => {
      await call(path, { method: "DELETE" });
      return true;
    }, "The template is deleted.");
    if (gone) onGone();
  }
  return (
    <>
      <Button
        color="inherit"
        startIcon={<Pencil size={16} aria-hidden />}
        onClick={() => {
          setWords(template);
          setAsking("change");
        }}
      >
        Change the words
      </Button>
      <Button color="error" startIcon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking("delete")}>
        Delete
      </Button>
      <ConfirmDialog
        open={asking === "change"}
        title="Change the template's words"
        confirmLabel="Save"
        busy={busy}
        disabled={!words.name.trim()}
        onConfirm={change}
        onClose={() => setAsking(null)}
      >
        <WordsFields words={words} onChange={(next) => setWords({ ...words, ...next })} />
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "delete"}
        title={`Delete the template “${template.name}”?`}
        confirmLabel="Delete"
        danger
        busy={busy}
        onConfirm={remove}
        onClose={() => setAsking(null)}
      >
        Journeys drawn from it stay as they are. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
