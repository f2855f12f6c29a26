import { Box, MenuItem, TextField } from "@mui/material";
import { Workflow } from "lucide-react";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { RunWorkflowTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: RunWorkflowTile }) {
  return <RecordName resource="workflows" id={tile.workflow_id} missing="No workflow chosen yet" />;
}

function Edit({ tile, change }: EditProps<"run_workflow">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <RecordPicker
        resource="workflows"
        label="Workflow to launch"
        value={tile.workflow_id}
        onChange={(workflow_id) => change({ ...tile, workflow_id })}
        helperText="It must be active before the journey goes live."
      />
      <RecordLinks resource="workflows" noun="workflow" id={tile.workflow_id} create="/workflows" />
      <TextField
        select
        label="Launch for each"
        value={tile.launch_for}
        onChange={(event) =>
          change({ ...tile, launch_for: event.target.value as RunWorkflowTile["launch_for"] })
        }
        helperText="Companies are for journeys that target companies."
      >
        <MenuItem value="contact">contact</MenuItem>
        <MenuItem value="company">company</MenuItem>
      </TextField>
    </Box>
  );
}

export const run_workflow: TileView<"run_workflow"> = {
  kind: "run_workflow",
  label: "Run workflow",
  purpose: "Call a webhook or an action for each person",
  icon: Workflow,
  colour: "success",
  make: (id) => ({
    id,
    kind: "run_workflow",
    name: "",
    description: "",
    workflow_id: null,
    launch_for: "contact",
    next: null,
  }),
  Summary,
  Edit,
};
