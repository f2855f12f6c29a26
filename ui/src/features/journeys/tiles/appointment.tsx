import { TextField } from "@mui/material";
import { CalendarClock } from "lucide-react";
import { ActivityFields, ActivitySummary, makeShared } from "./activity";
import { DurationField } from "./durations";
import type { EditProps, TileView } from "./view";

function Edit({ tile, change }: EditProps<"appointment">) {
  const times = (
    <>
      <DurationField
        label="Starts after"
        value={tile.start_after}
        onChange={(start_after) => change({ ...tile, start_after })}
      />
      <DurationField label="Lasts" value={tile.length} onChange={(length) => change({ ...tile, length })} />
      <TextField
        label="Location"
        value={tile.location}
        onChange={(event) => change({ ...tile, location: event.target.value })}
      />
    </>
  );
  return <ActivityFields tile={tile} change={change} times={times} />;
}

export const appointment: TileView<"appointment"> = {
  kind: "appointment",
  label: "Appointment",
  purpose: "Ask a colleague to meet each person",
  icon: CalendarClock,
  colour: "success",
  make: (id) => ({
    ...makeShared(id),
    kind: "appointment",
    start_after: { amount: 1, unit: "days" },
    length: { amount: 30, unit: "minutes" },
    location: "",
  }),
  Summary: ActivitySummary,
  Edit,
};
