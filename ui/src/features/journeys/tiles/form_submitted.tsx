import { TextField } from "@mui/material";
import { FileInput } from "lucide-react";
import type { FormSubmittedTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: FormSubmittedTile }) {
  return <>{tile.form_id ? `Form ${tile.form_id}` : "No form chosen yet"}</>;
}

function Edit({ tile, change }: EditProps<"form_submitted">) {
  return (
    <TextField
      label="Form number"
      type="number"
      value={tile.form_id ?? ""}
      onChange={(event) => change({ ...tile, form_id: Number(event.target.value) || null })}
      helperText="Everybody who submits this form enters at once, while the journey runs."
    />
  );
}

export const form_submitted: TileView<"form_submitted"> = {
  kind: "form_submitted",
  label: "Form submitted",
  purpose: "Who enters: everybody who submits a form",
  icon: FileInput,
  colour: "primary",
  make: (id) => ({
    id,
    kind: "form_submitted",
    name: "Form submitted",
    description: "",
    form_id: null,
    next: null,
  }),
  Summary,
  Edit,
};
