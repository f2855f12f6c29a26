import { Box, MenuItem, TextField } from "@mui/material";
import { type Period, PeriodFilter } from "@/shared/PeriodFilter";
import { RecordPicker } from "@/shared/RecordPicker";

export interface Filters {
  period: Period;
  journey: number | null;
  verdict: string;
}

const NEWEST = { field: "updated_at", order: "DESC" as const };

export function InsightFilters({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (filters: Filters) => void;
}) {
  return (
    <Box role="search" aria-label="Filters" sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
      <PeriodFilter onChange={(period) => onChange({ ...filters, period })} />
      <Box sx={{ width: 240 }}>
        <RecordPicker
          hideLabel
          resource="journeys"
          label="All journeys"
          sort={NEWEST}
          value={filters.journey}
          onChange={(journey) => onChange({ ...filters, journey })}
        />
      </Box>
      <TextField
        select
        hiddenLabel
        value={filters.verdict}
        onChange={(event) => onChange({ ...filters, verdict: event.target.value })}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Whose opens and clicks count" } } }}
      >
        <MenuItem value="all">All opens and clicks</MenuItem>
        <MenuItem value="human">People only</MenuItem>
        <MenuItem value="bot">Robots only</MenuItem>
        <MenuItem value="proxy">Proxies only</MenuItem>
      </TextField>
    </Box>
  );
}
