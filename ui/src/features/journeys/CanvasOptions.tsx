import { ToggleButton, ToggleButtonGroup, Tooltip } from "@mui/material";
import { ArrowDown, ArrowRight, Table2, Waypoints } from "lucide-react";
import type { Direction } from "./graph";

export type View = "drawing" | "table";

interface Props {
  direction: Direction;
  onDirection: (direction: Direction) => void;
  view: View;
  onView: (view: View) => void;
}

/** Which way the graph runs, or the same as a table. */
export function CanvasOptions({ direction, onDirection, view, onView }: Props) {
  const current = view === "table" ? "table" : direction;
  function choose(value: Direction | "table" | null) {
    if (value === "table") onView("table");
    else if (value) {
      onView("drawing");
      onDirection(value);
    }
  }
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={current}
      onChange={(_, value) => choose(value)}
      aria-label="How to show the journey"
    >
      <ToggleButton value="down" aria-label="Drawing, from top to bottom">
        <Tooltip title="From top to bottom">
          <span style={{ display: "inline-flex" }}>
            <Waypoints size={16} aria-hidden />
            <ArrowDown size={14} aria-hidden />
          </span>
        </Tooltip>
      </ToggleButton>
      <ToggleButton value="right" aria-label="Drawing, from left to right">
        <Tooltip title="From left to right">
          <span style={{ display: "inline-flex" }}>
            <Waypoints size={16} aria-hidden />
            <ArrowRight size={14} aria-hidden />
          </span>
        </Tooltip>
      </ToggleButton>
      <ToggleButton value="table" aria-label="Table">
        <Tooltip title="Table">
          <span style={{ display: "inline-flex" }}>
            <Table2 size={16} aria-hidden />
          </span>
        </Tooltip>
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
