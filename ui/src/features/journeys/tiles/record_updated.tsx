import { Box, MenuItem, TextField } from "@mui/material";
import { DatabaseZap } from "lucide-react";
import type { RecordUpdatedTile } from "../definition";
import type { EditProps, TileView } from "./view";

const VERBS: Record<RecordUpdatedTile["event"], string> = {
  create: "is created",
  update: "is changed",
  delete: "is deleted",
};

function Summary({ tile }: { tile: RecordUpdatedTile }) {
  const column = tile.event === "update" && tile.column ? `${tile.column} of a ` : "A ";
  return <>{`${column}${tile.entity} ${VERBS[tile.event]}`}</>;
}

function Edit({ tile, change }: EditProps<"record_updated">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="Record"
        value={tile.entity}
        onChange={(event) => change({ ...tile, entity: event.target.value })}
        helperText="A kind of record that has a contact, such as contact."
      />
      <TextField
        select
        label="What happens to it"
        value={tile.event}
        onChange={(event) => change({ ...tile, event: event.target.value as RecordUpdatedTile["event"] })}
      >
        <MenuItem value="create">It is created</MenuItem>
        <MenuItem value="update">It is changed</MenuItem>
        <MenuItem value="delete">It is deleted</MenuItem>
      </TextField>
      {tile.event === "update" && (
        <TextField
          label="Column"
          value={tile.column ?? ""}
          onChange={(event) => change({ ...tile, column: event.target.value.trim() || null })}
          helperText="Only changes of this column count; empty: of any. Custom columns are custom.name."
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
