import { Box, Typography } from "@mui/material";
import type { KeyboardEvent } from "react";
import { ForScreenReaders } from "@/shared/ForScreenReaders";
import type { TileNumbers as Numbers } from "@/shared/model";
import type { Tile } from "./definition";
import { NUMBERS_HEIGHT, TILE_HEIGHT, TILE_WIDTH } from "./graph";
import { describeNumbers } from "./numbers";
import { TileNumbers } from "./TileNumbers";
import { getTileView, titleOf } from "./tiles/registry";

export interface TileNodeProps {
  tile: Tile;
  numbers: Numbers | undefined;
  /** Draws the row of numbers, also where none have come yet. */
  hasNumbers: boolean;
  isSelected: boolean;
  /** Whether Tab leads here; the arrow keys lead on from here. */
  isTabStop: boolean;
  verdict: "error" | "warning" | undefined;
  onSelect: (id: number) => void;
  onKeyDown: (event: KeyboardEvent, id: number) => void;
}

/** One tile on the canvas: its numbers above, the card with icon, name and what it does below. */
export function TileNode(props: TileNodeProps) {
  const { tile, numbers, hasNumbers, isSelected, isTabStop, verdict, onSelect, onKeyDown } = props;
  const view = getTileView(tile.kind);
  const Icon = view.icon;
  const title = titleOf(tile);
  const said = [hasNumbers && describeNumbers(numbers), verdict && `has an ${verdict}`].filter(Boolean);
  return (
    <Box sx={{ width: TILE_WIDTH, height: TILE_HEIGHT, display: "flex", flexDirection: "column" }}>
      <Box sx={{ height: NUMBERS_HEIGHT, flexShrink: 0 }}>
        {hasNumbers && <TileNumbers numbers={numbers} />}
      </Box>
      <Box
        component="button"
        type="button"
        data-tile={tile.id}
        className="nodrag nopan"
        aria-pressed={isSelected}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => onSelect(tile.id)}
        onKeyDown={(event: KeyboardEvent) => onKeyDown(event, tile.id)}
        sx={{
          flex: 1,
          minHeight: 0,
          display: "flex",
          alignItems: "center",
          gap: 1.25,
          px: 1.25,
          textAlign: "left",
          font: "inherit",
          color: "text.primary",
          bgcolor: "background.paper",
          border: 1,
          borderColor: verdict ? `${verdict}.main` : isSelected ? "primary.main" : "divider",
          boxShadow: isSelected
            ? (theme) => `0 0 0 2px ${theme.palette.primary.main}`
            : "0 1px 2px rgba(20, 24, 40, 0.06)",
          borderRadius: 2.5,
          cursor: "pointer",
          transition: "border-color 120ms, box-shadow 120ms",
          "&:hover": { borderColor: "primary.main" },
        }}
      >
        <Box
          sx={{
            width: 36,
            height: 36,
            flexShrink: 0,
            borderRadius: 2,
            display: "grid",
            placeItems: "center",
            color: `${view.colour}.main`,
            bgcolor: (theme) => `color-mix(in srgb, ${theme.palette[view.colour].main} 12%, transparent)`,
          }}
        >
          <Icon size={19} strokeWidth={1.9} aria-hidden />
        </Box>
        <Box sx={{ minWidth: 0 }}>
          <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
            <ForScreenReaders>{view.label}: </ForScreenReaders>
            {title}
          </Typography>
          <Typography variant="caption" noWrap component="div" color="textSecondary">
            <view.Summary tile={tile} />
            {said.length > 0 && <ForScreenReaders>. {said.join(", ")}</ForScreenReaders>}
          </Typography>
        </Box>
      </Box>
    </Box>
  );
}
