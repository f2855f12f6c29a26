import { Mail } from "lucide-react";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { EmailTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: EmailTile }) {
  return <RecordName resource="emails" id={tile.email_id} missing="No email chosen yet" />;
}

function Edit({ tile, change }: EditProps<"email">) {
  return (
    <RecordPicker
      resource="emails"
      label="Email to send"
      value={tile.email_id}
      onChange={(email_id) => change({ ...tile, email_id })}
      helperText="It must be live before the journey goes live."
    />
  );
}

export const email: TileView<"email"> = {
  kind: "email",
  label: "Email",
  purpose: "Send each person an email",
  icon: Mail,
  colour: "info",
  make: (id) => ({ id, kind: "email", name: "", description: "", email_id: null, next: null }),
  Summary,
  Edit,
};
