import { ClipboardList } from "lucide-react";
import { ActivityFields, ActivitySummary, makeShared } from "./activity";
import { DurationField } from "./durations";
import type { EditProps, TileView } from "./view";

function Edit({ tile, change }: EditProps<"task">) {
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

export const task: TileView<"task"> = {
  kind: "task",
  label: "Task",
  purpose: "Make a task about each person for a colleague",
  icon: ClipboardList,
  colour: "success",
  make: (id) => ({ ...makeShared(id), kind: "task", due_in: null }),
  Summary: ActivitySummary,
  Edit,
};
