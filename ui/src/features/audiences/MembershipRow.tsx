import { Autocomplete, Box, IconButton, MenuItem, TextField } from "@mui/material";
import { Trash2 } from "lucide-react";
import { useGetList } from "react-admin";
import type { Membership } from "./rules";

interface Props {
  membership: Membership;
  onChange: (membership: Membership) => void;
  onRemove: () => void;
}

/** A condition over other segments or lists: being in one of them, or in none. */
export function MembershipRow({ membership, onChange, onRemove }: Props) {
  const resource = membership.audience === "segment" ? "segments" : "lists";
  const { data } = useGetList(resource, {
    pagination: { page: 1, perPage: 200 },
    sort: { field: "name", order: "ASC" },
  });
  const options = (data ?? []).map((record) => ({ id: Number(record.id), name: String(record.name) }));
  const chosen = membership.ids.map(
    (id) => options.find((option) => option.id === id) ?? { id, name: `#${id}` },
  );
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <TextField
        select
        hiddenLabel
        value={membership.containment}
        onChange={(event) =>
          onChange({ ...membership, containment: event.target.value as Membership["containment"] })
        }
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "In or not in" } } }}
      >
        <MenuItem value="in">is a member of</MenuItem>
        <MenuItem value="not_in">is not a member of</MenuItem>
      </TextField>
      <TextField
        select
        hiddenLabel
        value={membership.audience}
        onChange={(event) =>
          onChange({ ...membership, audience: event.target.value as Membership["audience"], ids: [] })
        }
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Segment or list" } } }}
      >
        <MenuItem value="segment">segment</MenuItem>
        <MenuItem value="list">list</MenuItem>
      </TextField>
      <Autocomplete
        multiple
        options={options}
        value={chosen}
        getOptionLabel={(option) => option.name}
        getOptionKey={(option) => option.id}
        isOptionEqualToValue={(option, value) => option.id === value.id}
        onChange={(_, records) => onChange({ ...membership, ids: records.map((record) => record.id) })}
        sx={{ flex: "1 1 220px", maxWidth: 420 }}
        renderInput={(parameters) => (
          <TextField
            {...parameters}
            hiddenLabel
            placeholder={chosen.length ? "" : "Choose…"}
            slotProps={{
              ...parameters.slotProps,
              htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": "Segments or lists" },
            }}
          />
        )}
      />
      <Box sx={{ flex: "1 0 0" }} />
      <IconButton size="small" aria-label="Remove this condition" onClick={onRemove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}
