import { Box, TextField } from "@mui/material";
import { BellRing } from "lucide-react";
import type { TileOf } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: TileOf<"push"> }) {
  return <>{tile.heading || "No title yet"}</>;
}

function Edit({ tile, change }: EditProps<"push">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="App"
        value={tile.sender}
        onChange={(event) => change({ ...tile, sender: event.target.value })}
      />
      <TextField
        label="Title"
        value={tile.heading}
        onChange={(event) => change({ ...tile, heading: event.target.value })}
      />
      <TextField
        label="Body"
        multiline
        minRows={2}
        value={tile.body}
        onChange={(event) => change({ ...tile, body: event.target.value })}
      />
    </Box>
  );
}

export const push: TileView<"push"> = {
  kind: "push",
  label: "Push notification",
  purpose: "Draw a push notification; sending comes later",
  icon: BellRing,
  colour: "info",
  make: (id) => ({
    id,
    kind: "push",
    name: "",
    description: "",
    heading: "",
    body: "",
    sender: "",
    next: null,
  }),
  Summary,
  Edit,
};
