import { Box, Button, ListItemIcon, ListItemText, Menu, MenuItem } from "@mui/material";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { TileKind } from "./definition";
import { ENTRANCES, getTileView } from "./tiles/registry";

/** Choose how else people may come in: each entrance begins a lane of its own. */
export function AddEntrance({ first, onAdd }: { first: boolean; onAdd: (kind: TileKind) => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  function add(kind: TileKind) {
    setAnchor(null);
    onAdd(kind);
  }
  return (
    <Box sx={{ mt: first ? 0 : 2 }}>
      <Button
        size="small"
        variant={first ? "contained" : "outlined"}
        aria-haspopup="menu"
        startIcon={<Plus size={15} aria-hidden />}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {first ? "Choose who enters" : "Add another entrance"}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {ENTRANCES.map((kind) => {
          const view = getTileView(kind);
          return (
            <MenuItem key={kind} onClick={() => add(kind)}>
              <ListItemIcon sx={{ color: `${view.colour}.main` }}>
                <view.icon size={18} aria-hidden />
              </ListItemIcon>
              <ListItemText primary={view.label} secondary={view.purpose} />
            </MenuItem>
          );
        })}
      </Menu>
    </Box>
  );
}
