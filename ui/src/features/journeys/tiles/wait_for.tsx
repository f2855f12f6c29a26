import { Hourglass } from "lucide-react";
import type { WaitForTile } from "../definition";
import { DurationField, describeDuration } from "./durations";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: WaitForTile }) {
  return <>{tile.duration ? describeDuration(tile.duration) : "No duration yet"}</>;
}

function Edit({ tile, change }: EditProps<"wait_for">) {
  return (
    <DurationField
      label="Wait for"
      value={tile.duration}
      onChange={(duration) => change({ ...tile, duration })}
    />
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
    next: null,
  }),
  Summary,
  Edit,
};
