import { Box, MenuItem, TextField } from "@mui/material";
import { DatabaseZap } from "lucide-react";
import { humanise } from "@/shared/format";
import type { RecordUpdatedTile } from "../definition";
import { useColumns } from "./update_column";
import type { EditProps, TileView } from "./view";

const VERBS: Record<RecordUpdatedTile["event"], string> = {
  create: "is created",
  update: "is changed",
  delete: "is deleted",
};

const ENTITIES: Record<string, string> = { contact: "Contact", lead: "Lead", activity: "Activity" };

function Summary({ tile }: { tile: RecordUpdatedTile }) {
  const which = tile.entity === "activity" ? "an activity" : `a ${tile.entity}`;
  const column = tile.event === "update" && tile.column && `${tile.column.replace(/^custom\./, "")} of `;
  return <>{humanise(`${column || ""}${which} ${VERBS[tile.event]}`)}</>;
}

/** The columns that people ask for first; contacts have their own list. */
const COLUMNS: Record<string, string[]> = {
  lead: ["topic", "status", "owner_id", "first_name", "last_name", "email", "phone", "company_name"],
  activity: ["done_at", "due_at", "subject", "priority", "assigned_to_id", "start_at", "location"],
};

interface ColumnProps {
  entity: string;
  value: string;
  onChange: (column: string) => void;
}

function ColumnField({ entity, value, onChange }: ColumnProps) {
  const ofContacts = useColumns();
  const found =
    entity === "contact"
      ? [{ name: "email", label: "Email" }, { name: "company_id", label: "Company" }, ...ofContacts]
      : (COLUMNS[entity] ?? []).map((name) => ({ name, label: humanise(name.replace(/_(id|at)$/, "")) }));
  const isKnown = value === "" || found.some((column) => column.name === value);
  return (
    <TextField
      select
      label="Column"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      helperText="Only changes of this column bring people in."
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="">Any column</MenuItem>
      {found.map(({ name, label }) => (
        <MenuItem key={name} value={name}>
          {label}
        </MenuItem>
      ))}
      {!isKnown && <MenuItem value={value}>{value}</MenuItem>}
    </TextField>
  );
}

function Edit({ tile, change }: EditProps<"record_updated">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        select
        label="Record"
        value={tile.entity}
        onChange={(event) => change({ ...tile, entity: event.target.value, event: "update", column: null })}
        helperText="The contact that it is about comes in."
      >
        {Object.entries(ENTITIES).map(([value, label]) => (
          <MenuItem key={value} value={value}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        label="What happens to it"
        value={tile.event}
        onChange={(event) => change({ ...tile, event: event.target.value as RecordUpdatedTile["event"] })}
      >
        <MenuItem value="create">It is created</MenuItem>
        <MenuItem value="update">It is changed</MenuItem>
        {tile.entity !== "contact" && <MenuItem value="delete">It is deleted</MenuItem>}
      </TextField>
      {tile.event === "update" && (
        <ColumnField
          entity={tile.entity}
          value={tile.column ?? ""}
          onChange={(column) => change({ ...tile, column: column || null })}
        />
      )}
    </Box>
  );
}

export const record_updated: TileView<"record_updated"> = {
  kind: "record_updated",
  label: "Record updated",
  purpose: "Who enters: the contact of a record that changes",
  icon: DatabaseZap,
  colour: "primary",
  make: (id) => ({
    id,
    kind: "record_updated",
    name: "Record updated",
    description: "",
    entity: "contact",
    event: "update",
    column: null,
    next: null,
  }),
  Summary,
  Edit,
};
