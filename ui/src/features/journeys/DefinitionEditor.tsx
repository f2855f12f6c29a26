import { Alert, Box, Paper, Typography } from "@mui/material";
import { useState } from "react";
import { useInput } from "react-admin";
import { Section } from "@/shared/Section";
import { AddEntrance } from "./AddEntrance";
import { type Definition, readDefinition, type TileId } from "./definition";
import { findRoots, nextId } from "./editing";
import { Lane } from "./Lane";
import { LazyCanvas } from "./LazyCanvas";
import { getTileView } from "./tiles/registry";
import { UNDO_ID, UndoButtons, useUndoKeys } from "./UndoButtons";
import { useUndo } from "./undo";

interface Props {
  /** The journey has been live: what tiles there are and how they are joined is settled. */
  fixed?: boolean;
  /** Nothing can be changed in the journey's present state. */
  locked?: boolean;
}

/** The tiles as cards one edits, with a drawing beside them that follows every change. */
export function DefinitionEditor({ fixed = false, locked = false }: Props) {
  const { field } = useInput({ source: "definition" });
  const [selected, setSelected] = useState<TileId | null>(null);
  const definition = readDefinition(field.value);
  const roots = findRoots(definition);
  const history = useUndo(definition, (next: Definition) => field.onChange(next));
  useUndoKeys(history, !locked);
  function change(next: Definition) {
    history.change(next);
    // The button that took a tile away is gone with it: the keyboard goes on at the way back.
    if (next.tiles.length < definition.tiles.length) {
      requestAnimationFrame(() => document.getElementById(UNDO_ID)?.focus());
    }
  }
  function select(id: TileId | null) {
    setSelected(id);
    if (id !== null)
      document.getElementById(`card-${id}`)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  return (
    <Section
      title="Tiles"
      description="People enter at the top of a lane and walk down, one tile after the other."
      actions={!locked && <UndoButtons history={history} />}
    >
      {fixed && !locked && (
        <Alert severity="info" sx={{ mb: 2 }}>
          The journey has been live: tiles cannot be added, moved or removed any more, only their settings
          changed.
        </Alert>
      )}
      <Box
        sx={{
          display: "grid",
          gap: 3,
          gridTemplateColumns: { xs: "1fr", lg: "minmax(0, 5fr) minmax(0, 6fr)" },
          alignItems: "start",
        }}
      >
        <Box>
          {roots.map((root, at) => (
            <Box
              key={root.id}
              {...(roots.length > 1 ? { role: "group", "aria-label": `Lane ${at + 1}` } : {})}
              sx={at === 0 ? {} : { mt: 2, pt: 2, borderTop: 1, borderColor: "divider" }}
            >
              {roots.length > 1 && (
                <Typography variant="caption" component="p" color="textSecondary" sx={{ mb: 0.75 }}>
                  Lane {at + 1}
                </Typography>
              )}
              <Lane
                start={root.id}
                definition={definition}
                selected={selected}
                fixed={fixed || locked}
                locked={locked}
                onSelect={setSelected}
                onChange={change}
              />
            </Box>
          ))}
          {definition.tiles.length === 0 && (
            <Typography color="textSecondary" sx={{ mb: 1 }}>
              There are no tiles. A journey begins with who enters it.
            </Typography>
          )}
          {!fixed && !locked && (
            <AddEntrance
              first={definition.tiles.length === 0}
              onAdd={(kind) => {
                const id = nextId(definition);
                change({ tiles: [...definition.tiles, getTileView(kind).make(id)] });
                setSelected(id);
              }}
            />
          )}
        </Box>
        <Paper
          variant="outlined"
          sx={{ position: { lg: "sticky" }, top: 16, height: { xs: 380, lg: 620 }, overflow: "hidden" }}
        >
          <LazyCanvas definition={definition} direction="down" selected={selected} onSelect={select} />
        </Paper>
      </Box>
    </Section>
  );
}
