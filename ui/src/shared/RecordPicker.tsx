import { Autocomplete, TextField } from "@mui/material";
import { useState } from "react";
import { type RaRecord, useGetList, useGetOne } from "react-admin";

interface Props {
  resource: string;
  label: string;
  value: number | null;
  onChange: (id: number | null) => void;
  /** What a record is called; nothing: its name. */
  describe?: (record: RaRecord) => string;
  filter?: Record<string, unknown>;
  sort?: { field: string; order: "ASC" | "DESC" };
  helperText?: string;
  disabled?: boolean;
  hideLabel?: boolean;
}

const BY_NAME = { field: "name", order: "ASC" as const };

/** Choose one record of a resource by typing a part of its name. For forms that react-admin does not drive. */
export function RecordPicker({ describe = nameOf, filter, sort = BY_NAME, ...props }: Props) {
  const [search, setSearch] = useState("");
  const list = useGetList(props.resource, {
    pagination: { page: 1, perPage: 25 },
    sort,
    filter: { ...filter, search },
  });
  const chosen = useGetOne(props.resource, { id: props.value ?? 0 }, { enabled: props.value !== null });
  const current = props.value === null ? null : (chosen.data ?? { id: props.value, name: `#${props.value}` });
  const options = list.data ?? [];
  const all =
    current && !options.some((option) => option.id === current.id) ? [current, ...options] : options;
  return (
    <Autocomplete
      options={all}
      value={current}
      loading={list.isPending}
      disabled={props.disabled ?? false}
      getOptionLabel={(option) => describe(option)}
      getOptionKey={(option) => option.id}
      isOptionEqualToValue={(option, value) => option.id === value.id}
      filterOptions={(found) => found}
      onInputChange={(_, text, reason) => reason === "input" && setSearch(text)}
      onClose={() => setSearch("")}
      onChange={(_, record) => props.onChange(record ? Number(record.id) : null)}
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          {...(props.hideLabel ? { hiddenLabel: true } : { label: props.label })}
          placeholder={props.hideLabel ? props.label : "Choose…"}
          helperText={props.helperText}
          slotProps={{
            ...parameters.slotProps,
            htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": props.label },
          }}
        />
      )}
    />
  );
}

function nameOf(record: RaRecord): string {
  return String(record.name ?? record.id);
}

export function describeContact(record: RaRecord): string {
  const name = [record.first_name, record.last_name].filter(Boolean).join(" ");
  return name ? `${name} · ${record.email}` : String(record.email ?? record.id);
}
