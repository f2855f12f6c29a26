import { Box, FormControlLabel, MenuItem, Switch, TextField } from "@mui/material";
import type { ReactNode } from "react";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { AppointmentTile, PhoneCallTile, TaskTile } from "../definition";

export type ActivityTile = TaskTile | PhoneCallTile | AppointmentTile;
/** What the tiles of all kinds of activities have in common. */
type Shared = Omit<TaskTile, "kind" | "due_in">;

const ASSIGNEES: Record<Shared["assign_to"], string> = {
  journey_owner: "the journey's owner",
  contact_owner: "the contact's owner",
  contact_creator: "who made the contact",
  company_owner: "the company's owner",
  company_creator: "who made the company",
};

export function ActivitySummary({ tile }: { tile: ActivityTile }) {
  if (tile.template_id !== null)
    return <RecordName resource="activity-templates" id={tile.template_id} missing="A template" />;
  return <>{tile.subject || "No subject yet"}</>;
}

interface Props<T extends ActivityTile> {
  tile: T;
  change: (tile: T) => void;
  /** When it is to be done, if no template says so. */
  times: ReactNode;
}

/** The settings of an activity: a template, or what the tile itself says; who gets it; about whom it is. */
export function ActivityFields<T extends ActivityTile>({ tile, change, times }: Props<T>) {
  const set = (values: Partial<Shared>) => change({ ...tile, ...values });
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <RecordPicker
        resource="activity-templates"
        label="Template"
        helperText="Or leave it empty and say below what is to be done."
        value={tile.template_id}
        filter={{ kind: tile.kind }}
        onChange={(template_id) => set({ template_id })}
      />
      <RecordLinks resource="activity-templates" noun="template" id={tile.template_id} />
      {tile.template_id === null && (
        <>
          <TextField
            label="Subject"
            value={tile.subject}
            onChange={(event) => set({ subject: event.target.value })}
          />
          <TextField
            label="Description"
            multiline
            minRows={2}
            value={tile.description}
            onChange={(event) => set({ description: event.target.value })}
          />
          <TextField
            select
            label="Priority"
            value={tile.priority}
            onChange={(event) => set({ priority: event.target.value as Shared["priority"] })}
          >
            <MenuItem value="low">low</MenuItem>
            <MenuItem value="normal">normal</MenuItem>
            <MenuItem value="high">high</MenuItem>
          </TextField>
          {times}
        </>
      )}
      <TextField
        select
        label="Assign to"
        value={tile.assign_to}
        onChange={(event) => set({ assign_to: event.target.value as Shared["assign_to"] })}
      >
        {Object.entries(ASSIGNEES).map(([value, label]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label="Create for each"
        helperText="For companies only in journeys that target them."
        value={tile.create_for}
        onChange={(event) => set({ create_for: event.target.value as Shared["create_for"] })}
      >
        <MenuItem value="contact">contact</MenuItem>
        <MenuItem value="company">company</MenuItem>
      </TextField>
      <FormControlLabel
        label="Also for deactivated contacts"
        control={
          <Switch
            checked={tile.for_inactive}
            onChange={(event) => set({ for_inactive: event.target.checked })}
          />
        }
      />
    </Box>
  );
}

/** A new tile's settings. */
export function makeShared(id: number): Shared {
  return {
    id,
    name: "",
    description: "",
    template_id: null,
    subject: "",
    priority: "normal",
    assign_to: "journey_owner",
    create_for: "contact",
    for_inactive: true,
    next: null,
  };
}
