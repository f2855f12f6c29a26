import { Box } from "@mui/material";
import { Hourglass } from "lucide-react";
import type { WaitForTile } from "../definition";
import { DurationField, describeDuration } from "./durations";
import type { EditProps, TileView } from "./view";
import { WindowField } from "./windows";

function Summary({ tile }: { tile: WaitForTile }) {
  return <>{tile.duration ? describeDuration(tile.duration) : "No duration yet"}</>;
}

function Edit({ tile, change }: EditProps<"wait_for">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <DurationField
        label="Wait for"
        value={tile.duration}
        onChange={(duration) => change({ ...tile, duration })}
      />
      <WindowField
        label="Let go only at certain times"
        help="When the time has passed, people go on at the first allowed moment."
        value={tile.restriction}
        onChange={(restriction) => change({ ...tile, restriction })}
      />
    </Box>
  );
}

export const wait_for: TileView<"wait_for"> = {
  kind: "wait_for",
  label: "Wait for",
  purpose: "Hold each person for a length of time",
  icon: Hourglass,
  colour: "secondary",
  make: (id) => ({
    id,
    kind: "wait_for",
    name: "",
    description: "",
    duration: { amount: 1, unit: "days" },
    restriction: null,
    next: null,
  }),
  Summary,
  Edit,
};
