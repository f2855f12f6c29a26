import { Box, TextField } from "@mui/material";
import { CalendarClock } from "lucide-react";
import type { WaitUntilTile } from "../definition";
import type { EditProps, TileView } from "./view";
import { WindowField } from "./windows";

function Summary({ tile }: { tile: WaitUntilTile }) {
  return <>{tile.at ? tile.at.replace("T", " at ") : "No moment yet"}</>;
}

function Edit({ tile, change }: EditProps<"wait_until">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="Wait until"
        type="datetime-local"
        value={tile.at?.slice(0, 16) ?? ""}
        onChange={(event) => change({ ...tile, at: event.target.value || null })}
        helperText="As the clocks of the journey's time zone show it. Who comes later passes at once."
        fullWidth
      />
      <WindowField
        label="Let go only at certain times"
        help="Then, and later, people go on at the first allowed moment."
        value={tile.restriction}
        onChange={(restriction) => change({ ...tile, restriction })}
      />
    </Box>
  );
}

export const wait_until: TileView<"wait_until"> = {
  kind: "wait_until",
  label: "Wait until",
  purpose: "Hold everybody until one moment",
  icon: CalendarClock,
  colour: "secondary",
  make: (id) => ({
    id,
    kind: "wait_until",
    name: "",
    description: "",
    at: null,
    restriction: null,
    next: null,
  }),
  Summary,
  Edit,
};
