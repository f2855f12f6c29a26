import { Box, MenuItem, TextField } from "@mui/material";
import { useState } from "react";

/** A stretch of time as the API takes it; empty: no bound. */
export interface Period {
  from: string;
  to: string;
}

export const ALWAYS: Period = { from: "", to: "" };

const PRESETS = [
  { value: "always", label: "All time", days: 0 },
  { value: "1", label: "Last 24 hours", days: 1 },
  { value: "7", label: "Last 7 days", days: 7 },
  { value: "30", label: "Last 30 days", days: 30 },
  { value: "custom", label: "From … to …", days: 0 },
];

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}

function startOf(day: string): string {
  return day ? new Date(`${day}T00:00:00`).toISOString() : "";
}

/** The first moment after a day. */
function endOf(day: string): string {
  if (!day) return "";
  const end = new Date(`${day}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

/** Choose a period: a usual one, or by its first and last day. */
export function PeriodFilter({ onChange }: { onChange: (period: Period) => void }) {
  const [choice, setChoice] = useState("always");
  const [days, setDays] = useState({ from: "", to: "" });

  function choose(value: string) {
    setChoice(value);
    const preset = PRESETS.find((each) => each.value === value);
    if (value === "custom") onChange({ from: startOf(days.from), to: endOf(days.to) });
    else onChange({ from: preset?.days ? daysAgo(preset.days) : "", to: "" });
  }
  function setDay(change: Partial<Period>) {
    const next = { ...days, ...change };
    setDays(next);
    onChange({ from: startOf(next.from), to: endOf(next.to) });
  }

  return (
    <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap" }}>
      <TextField
        select
        hiddenLabel
        value={choice}
        onChange={(event) => choose(event.target.value)}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Period" } } }}
        sx={{ minWidth: 150 }}
      >
        {PRESETS.map((preset) => (
          <MenuItem key={preset.value} value={preset.value}>
            {preset.label}
          </MenuItem>
        ))}
      </TextField>
      {choice === "custom" && (
        <>
          <DayField label="From" value={days.from} onChange={(from) => setDay({ from })} />
          <DayField label="To" value={days.to} onChange={(to) => setDay({ to })} />
        </>
      )}
    </Box>
  );
}

function DayField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
}) {
  return (
    <TextField
      type="date"
      hiddenLabel
      value={value}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ htmlInput: { "aria-label": label } }}
    />
  );
}
