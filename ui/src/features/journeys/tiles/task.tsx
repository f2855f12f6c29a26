import { Box, MenuItem, TextField } from "@mui/material";
import { ClipboardList } from "lucide-react";
import type { TaskTile } from "../definition";
import { DurationField } from "./durations";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: TaskTile }) {
  return <>{tile.subject || "No subject yet"}</>;
}

function Edit({ tile, change }: EditProps<"task">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="Subject"
        value={tile.subject}
        onChange={(event) => change({ ...tile, subject: event.target.value })}
      />
      <TextField
        label="Description"
        multiline
        minRows={2}
        value={tile.description}
        onChange={(event) => change({ ...tile, description: event.target.value })}
      />
      <TextField
        select
        label="Assign to"
        value={tile.assign_to}
        onChange={(event) => change({ ...tile, assign_to: event.target.value as TaskTile["assign_to"] })}
      >
        <MenuItem value="journey_owner">the journey's owner</MenuItem>
        <MenuItem value="contact_owner">the contact's owner</MenuItem>
      </TextField>
      <DurationField
        label="Due in"
        optional
        value={tile.due_in}
        onChange={(due_in) => change({ ...tile, due_in })}
      />
    </Box>
  );
}

export const task: TileView<"task"> = {
  kind: "task",
  label: "Task",
  purpose: "Make a task about each person for a colleague",
  icon: ClipboardList,
  colour: "success",
  make: (id) => ({
    id,
    kind: "task",
    name: "",
    description: "",
    subject: "",
    assign_to: "journey_owner",
    due_in: null,
    next: null,
  }),
  Summary,
  Edit,
};
