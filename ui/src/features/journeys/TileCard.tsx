import { Box, ButtonBase, Collapse, IconButton, Paper, TextField, Typography } from "@mui/material";
import { ChevronDown, Trash2 } from "lucide-react";
import type { Definition, Tile } from "./definition";
import { getTileView, titleOf } from "./tiles/registry";

interface Props {
  tile: Tile;
  definition: Definition;
  isOpen: boolean;
  removable: boolean;
  locked: boolean;
  onToggle: () => void;
  onChange: (tile: Tile) => void;
  onRemove: () => void;
}

const FIELDSET = {
  border: 0,
  m: 0,
  minWidth: 0,
  "&:disabled .MuiInputBase-root": { opacity: 0.72, pointerEvents: "none" },
};

/** A tile in the list: a line when closed, its settings when open. */
export function TileCard({
  tile,
  definition,
  isOpen,
  removable,
  locked,
  onToggle,
  onChange,
  onRemove,
}: Props) {
  const view = getTileView(tile.kind);
  const title = titleOf(tile);
  return (
    <Paper variant="outlined" id={`card-${tile.id}`} sx={isOpen ? { borderColor: "primary.main" } : {}}>
      <Box sx={{ display: "flex", alignItems: "center", pr: 1 }}>
        <ButtonBase
          onClick={onToggle}
          aria-expanded={isOpen}
          sx={{
            flex: 1,
            minWidth: 0,
            p: 1.25,
            gap: 1.25,
            justifyContent: "flex-start",
            textAlign: "left",
            borderRadius: 3,
          }}
        >
          <Box sx={{ display: "inline-flex", color: `${view.colour}.main` }}>
            <view.icon size={19} aria-hidden />
          </Box>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
              {title}
            </Typography>
            <Typography variant="caption" noWrap component="div" color="textSecondary">
              <view.Summary tile={tile} />
            </Typography>
          </Box>
          <ChevronDown
            size={17}
            aria-hidden
            style={{ transform: isOpen ? "rotate(180deg)" : "none", transition: "transform 120ms" }}
          />
        </ButtonBase>
        {removable && (
          <IconButton size="small" aria-label={`Remove ${title}`} onClick={onRemove}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        )}
      </Box>
      <Collapse in={isOpen} unmountOnExit>
        <Box
          component="fieldset"
          disabled={locked}
          sx={{ p: 2, pt: 0.5, display: "grid", gap: 1.5, ...FIELDSET }}
        >
          <TextField
            label="Name"
            value={tile.name}
            placeholder={view.label}
            onChange={(event) => onChange({ ...tile, name: event.target.value })}
          />
          <view.Edit tile={tile} definition={definition} change={onChange} />
        </Box>
      </Collapse>
    </Paper>
  );
}
