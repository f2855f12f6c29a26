import { Box, Button, ListItemIcon, ListItemText, Menu, MenuItem } from "@mui/material";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { TileKind } from "./definition";
import { ADDABLE, getTileView } from "./tiles/registry";

/** Choose the kind of tile to put in here. */
export function AddTile({ after, onAdd }: { after: string; onAdd: (kind: TileKind) => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  function add(kind: TileKind) {
    setAnchor(null);
    onAdd(kind);
  }
  return (
    <Box sx={{ my: 0.5, pl: 1 }}>
      <Button
        size="small"
        color="inherit"
        aria-haspopup="menu"
        aria-label={`Add a tile after ${after}`}
        startIcon={<Plus size={15} aria-hidden />}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ color: "text.secondary", minHeight: 28, py: 0 }}
      >
        Add
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {ADDABLE.map((kind) => {
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
