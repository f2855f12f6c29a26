import { Phone } from "lucide-react";
import { ActivityFields, ActivitySummary, makeShared } from "./activity";
import { DurationField } from "./durations";
import type { EditProps, TileView } from "./view";

function Edit({ tile, change }: EditProps<"phone_call">) {
  const times = (
    <DurationField
      label="Due in"
      optional
      value={tile.due_in}
      onChange={(due_in) => change({ ...tile, due_in })}
    />
  );
  return <ActivityFields tile={tile} change={change} times={times} />;
}

export const phone_call: TileView<"phone_call"> = {
  kind: "phone_call",
  label: "Phone call",
  purpose: "Ask a colleague to ring each person",
  icon: Phone,
  colour: "success",
  make: (id) => ({ ...makeShared(id), kind: "phone_call", due_in: null }),
  Summary: ActivitySummary,
  Edit,
};
