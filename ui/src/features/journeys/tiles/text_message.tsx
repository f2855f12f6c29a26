import { Box, TextField } from "@mui/material";
import { MessageSquareText } from "lucide-react";
import type { TileOf } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: TileOf<"text_message"> }) {
  return <>{tile.text || "No text yet"}</>;
}

function Edit({ tile, change }: EditProps<"text_message">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="Sender"
        value={tile.sender}
        onChange={(event) => change({ ...tile, sender: event.target.value })}
      />
      <TextField
        label="Text"
        multiline
        minRows={3}
        value={tile.text}
        onChange={(event) => change({ ...tile, text: event.target.value })}
      />
    </Box>
  );
}

export const text_message: TileView<"text_message"> = {
  kind: "text_message",
  label: "Text message",
  purpose: "Draw a text message; sending comes later",
  icon: MessageSquareText,
  colour: "info",
  make: (id) => ({ id, kind: "text_message", name: "", description: "", text: "", sender: "", next: null }),
  Summary,
  Edit,
};
