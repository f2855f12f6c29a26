import { FileInput } from "lucide-react";
import type { FormSubmittedTile } from "../definition";
import { NumberField } from "./content";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: FormSubmittedTile }) {
  return <>{tile.form_id ? `Form ${tile.form_id}` : "No form chosen yet"}</>;
}

function Edit({ tile, change }: EditProps<"form_submitted">) {
  return (
    <NumberField
      what="form"
      value={tile.form_id}
      onChange={(form_id) => change({ ...tile, form_id })}
      then="Everybody who submits it enters at once, while the journey runs."
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
