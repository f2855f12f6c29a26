import { Box, TextField } from "@mui/material";
import { Mail } from "lucide-react";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { EmailTile } from "../definition";
import type { EditProps, TileView } from "./view";
import { WindowField } from "./windows";

function Summary({ tile }: { tile: EmailTile }) {
  return <RecordName resource="emails" id={tile.email_id} missing="No email chosen yet" />;
}

function Edit({ tile, change }: EditProps<"email">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <RecordPicker
        resource="emails"
        label="Email to send"
        value={tile.email_id}
        onChange={(email_id) => change({ ...tile, email_id })}
        helperText="It must be live before the journey goes live."
      />
      <WindowField
        label="Send only at certain times"
        help="Outside of them people wait here until the next allowed moment."
        value={tile.schedule}
        onChange={(schedule) => change({ ...tile, schedule })}
      />
      <TextField
        label="Expires at"
        type="datetime-local"
        value={tile.expires_at?.slice(0, 16) ?? ""}
        onChange={(event) => change({ ...tile, expires_at: event.target.value || null })}
        helperText="Who comes later passes without the mail. Leave it empty for never."
        slotProps={{ inputLabel: { shrink: true } }}
        fullWidth
      />
    </Box>
  );
}

export const email: TileView<"email"> = {
  kind: "email",
  label: "Email",
  purpose: "Send each person an email",
  icon: Mail,
  colour: "info",
  make: (id) => ({
    id,
    kind: "email",
    name: "",
    description: "",
    email_id: null,
    schedule: null,
    expires_at: null,
    ab_test_id: null,
    elements: [],
    next: null,
  }),
  Summary,
  Edit,
};
