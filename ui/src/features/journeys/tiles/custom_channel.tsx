import { Box } from "@mui/material";
import { RadioTower } from "lucide-react";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { CustomChannelTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: CustomChannelTile }) {
  return <RecordName resource="channels" id={tile.channel_id} missing="No channel chosen yet" />;
}

function Edit({ tile, change }: EditProps<"custom_channel">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <RecordPicker
        resource="channels"
        label="Channel to use"
        value={tile.channel_id}
        onChange={(channel_id) => change({ ...tile, channel_id })}
        helperText="Its responses can be asked for in an if/then tile."
      />
      <RecordLinks resource="channels" noun="channel" id={tile.channel_id} />
    </Box>
  );
}

export const custom_channel: TileView<"custom_channel"> = {
  kind: "custom_channel",
  label: "Custom channel",
  purpose: "Reach each person through a partner's channel",
  icon: RadioTower,
  colour: "info",
  make: (id) => ({ id, kind: "custom_channel", name: "", description: "", channel_id: null, next: null }),
  Summary,
  Edit,
};
