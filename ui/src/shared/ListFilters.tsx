import { Box, Button, InputAdornment, MenuItem, TextField } from "@mui/material";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useListContext } from "react-admin";

export interface FilterSpec {
  name: string;
  label: string;
  choices: { value: string; label: string }[];
}

const PAUSE_MS = 300;

/** A search that waits until the typist pauses, and one select a filter. */
export function ListFilters({ filters, searchLabel }: { filters: FilterSpec[]; searchLabel: string }) {
  const { filterValues, setFilters } = useListContext();
  const isFiltered = Object.values(filterValues).some(Boolean);
  return (
    <Box role="search" sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <SearchField label={searchLabel} />
      {filters.map((filter) => (
        <TextField
          key={filter.name}
          select
          size="small"
          hiddenLabel
          value={String(filterValues[filter.name] ?? "")}
          onChange={(event) => setFilters({ ...filterValues, [filter.name]: event.target.value })}
          sx={{ minWidth: 140 }}
          slotProps={{
            select: { displayEmpty: true, SelectDisplayProps: { "aria-label": filter.label } },
          }}
        >
          <MenuItem value="">{filter.label}: all</MenuItem>
          {filter.choices.map((choice) => (
            <MenuItem key={choice.value} value={choice.value}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
      ))}
      {isFiltered && (
        <Button color="inherit" size="small" onClick={() => setFilters({})}>
          Clear
        </Button>
      )}
    </Box>
  );
}

function SearchField({ label }: { label: string }) {
  const { filterValues, setFilters } = useListContext();
  const current = String(filterValues.search ?? "");
  const [text, setText] = useState(current);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => setText(current), [current]);
  function type(value: string) {
    setText(value);
    if (timer.current) clearTimeout(timer.current);
    timer.current = setTimeout(() => setFilters({ ...filterValues, search: value }), PAUSE_MS);
  }
  return (
    <TextField
      type="search"
      size="small"
      hiddenLabel
      placeholder={label}
      value={text}
      onChange={(event) => type(event.target.value)}
      sx={{ width: { xs: "100%", sm: 280 } }}
      slotProps={{
        htmlInput: { "aria-label": label },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <Search size={16} aria-hidden />
            </InputAdornment>
          ),
        },
      }}
    />
  );
}
