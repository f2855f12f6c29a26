import { Box, Typography } from "@mui/material";
import { AddTile } from "./AddTile";
import {
  type Definition,
  type Exit,
  exitsOf,
  findTile,
  type Next,
  type Tile,
  type TileId,
} from "./definition";
import { changeTile, findRoots, insertAfter, nextId, removeTile } from "./editing";
import { TileCard } from "./TileCard";
import { getTileView, titleOf } from "./tiles/registry";

export interface LaneProps {
  start: Next;
  definition: Definition;
  selected: TileId | null;
  /** Tiles can neither come nor go. */
  fixed: boolean;
  /** Nor can their settings change. */
  locked: boolean;
  onSelect: (id: TileId | null) => void;
  onChange: (definition: Definition) => void;
  /** Tiles drawn already further up: lanes that join are shown once. */
  above?: TileId[];
}

/** One tile, what follows it, and its branches indented below it. */
export function Lane({ start, above = [], ...rest }: LaneProps) {
  const { definition, onChange, onSelect, selected, locked, fixed } = rest;
  const tile = findTile(definition, start);
  if (!tile) {
    return start === null ? <End /> : <Note>leads to tile {start}, which is not there</Note>;
  }
  if (above.includes(tile.id)) return <Note>goes on at “{titleOf(tile)}”</Note>;
  const exits = exitsOf(tile);
  const seen = [...above, tile.id];
  return (
    <>
      <TileCard
        tile={tile}
        definition={definition}
        isOpen={selected === tile.id}
        locked={locked}
        removable={!fixed && !isOnlyRoot(definition, tile)}
        onToggle={() => onSelect(selected === tile.id ? null : tile.id)}
        onChange={(changed: Tile) => onChange(changeTile(definition, changed))}
        onRemove={() => onChange(removeTile(definition, tile.id))}
      />
      {exits.length === 1 && exits[0] ? (
        <Way exit={exits[0]} tile={tile} above={seen} {...rest} />
      ) : (
        exits.map((exit) => (
          <Box
            key={exit.branch}
            role="group"
            aria-label={`${titleOf(tile)}: ${exit.label}`}
            sx={{ ml: 1.5, pl: 2, pt: 1, mb: 0.5, borderLeft: 2, borderColor: "divider" }}
          >
            <Typography variant="body2" sx={{ fontWeight: 600, mb: 0.25 }}>
              {exit.label}
            </Typography>
            <Way exit={exit} tile={tile} above={seen} {...rest} />
          </Box>
        ))
      )}
    </>
  );
}

interface WayProps extends Omit<LaneProps, "start"> {
  exit: Exit;
  tile: Tile;
}

function Way({ exit, tile, ...rest }: WayProps) {
  const { definition, fixed, onChange, onSelect } = rest;
  return (
    <>
      {fixed && exit.next !== null && <Box sx={{ height: 8 }} />}
      {!fixed && (
        <AddTile
          after={exit.label ? `${titleOf(tile)}, ${exit.label}` : titleOf(tile)}
          onAdd={(kind) => {
            const id = nextId(definition);
            onChange(insertAfter(definition, tile.id, exit.branch, getTileView(kind).make(id)));
            onSelect(id);
          }}
        />
      )}
      <Lane start={exit.next} {...rest} />
    </>
  );
}

/** The first tile of a journey's only lane stays: without it nobody enters. */
function isOnlyRoot(definition: Definition, tile: Tile): boolean {
  const roots = findRoots(definition);
  return roots.length === 1 && roots[0]?.id === tile.id;
}

function End() {
  return <Note>ends here</Note>;
}

function Note({ children }: { children: React.ReactNode }) {
  return (
    <Typography variant="caption" component="p" color="textSecondary" sx={{ pl: 1, py: 0.5 }}>
      {children}
    </Typography>
  );
}
