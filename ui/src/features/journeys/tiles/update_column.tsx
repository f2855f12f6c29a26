import { Box, FormControlLabel, MenuItem, Switch, TextField } from "@mui/material";
import { UserPen } from "lucide-react";
import { useGetList } from "react-admin";
import type { CustomColumn } from "@/shared/model";
import type { UpdateColumnTile } from "../definition";
import { type ColumnKind, type ColumnValue, ValueField } from "./column_value";
import type { EditProps, TileView } from "./view";

export interface Column {
  name: string;
  label: string;
  kind: ColumnKind;
  options?: string[];
}

const BUILT_IN: Column[] = [
  { name: "consent_level", label: "Consent level", kind: "consent" },
  { name: "do_not_email", label: "Do not email", kind: "boolean" },
  { name: "do_not_bulk_email", label: "Do not bulk email", kind: "boolean" },
  { name: "tracking_allowed", label: "Tracking allowed", kind: "boolean" },
  { name: "active", label: "Active", kind: "boolean" },
  { name: "owner_id", label: "Owner", kind: "user" },
  { name: "first_name", label: "First name", kind: "text" },
  { name: "last_name", label: "Last name", kind: "text" },
  { name: "mobile_phone", label: "Mobile phone", kind: "text" },
  { name: "street", label: "Street", kind: "text" },
  { name: "city", label: "City", kind: "text" },
  { name: "region", label: "Region", kind: "text" },
  { name: "postal_code", label: "Postal code", kind: "text" },
  { name: "country", label: "Country", kind: "country" },
  { name: "language", label: "Language", kind: "language" },
  { name: "time_zone", label: "Time zone", kind: "time_zone" },
];

/** The columns of contacts that a tile may set: the built-in ones, then the organisation's own. */
export function useColumns(): Column[] {
  const { data } = useGetList<CustomColumn & { id: number }>("custom-columns", {
    filter: { entity: "contact" },
    sort: { field: "label", order: "ASC" },
    pagination: { page: 1, perPage: 200 },
  });
  const custom = (data ?? []).map((column) => ({
    name: `custom.${column.key}`,
    label: column.label || column.key,
    kind: column.kind,
    options: column.options,
  }));
  return [...BUILT_IN, ...custom];
}

function describe(value: ColumnValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  return value === "" ? "nothing" : String(value ?? "…");
}

function Summary({ tile }: { tile: UpdateColumnTile }) {
  const column = BUILT_IN.find((each) => each.name === tile.column);
  if (!tile.column) return <>No column chosen yet</>;
  return (
    <>
      {column?.label ?? tile.column.replace(/^custom\./, "")} becomes {describe(tile.value)}
    </>
  );
}

function Edit({ tile, change }: EditProps<"update_column">) {
  const columns = useColumns();
  const column = columns.find((each) => each.name === tile.column);
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        select
        label="Column"
        value={column?.name ?? ""}
        onChange={(event) => change({ ...tile, column: event.target.value, value: null })}
      >
        {columns.map((each) => (
          <MenuItem key={each.name} value={each.name}>
            {each.label}
          </MenuItem>
        ))}
      </TextField>
      {column && (
        <ValueField
          kind={column.kind}
          options={column.options ?? []}
          value={tile.value}
          onChange={(value) => change({ ...tile, value })}
        />
      )}
      <FormControlLabel
        label="Also for deactivated contacts"
        control={
          <Switch
            checked={tile.for_inactive}
            onChange={(event) => change({ ...tile, for_inactive: event.target.checked })}
          />
        }
      />
    </Box>
  );
}

export const update_column: TileView<"update_column"> = {
  kind: "update_column",
  label: "Update contact column",
  purpose: "Set a column of each person to one value",
  icon: UserPen,
  colour: "info",
  make: (id) => ({
    id,
    kind: "update_column",
    name: "",
    description: "",
    column: "",
    value: null,
    for_inactive: true,
    next: null,
  }),
  Summary,
  Edit,
};
