import {
  Box,
  Button,
  FormControlLabel,
  IconButton,
  Switch,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from "@mui/material";
import { Plus, Trash2 } from "lucide-react";
import type { Window } from "../definition";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const NEW: Window = { weekdays: [0, 1, 2, 3, 4], times: [{ start: "09:00", end: "17:00" }] };

export function describeWindow({ weekdays, times }: Window): string {
  const days = weekdays.length ? weekdays.map((day) => DAYS[day]).join(", ") : "every day";
  const hours = times.map((each) => `${each.start}–${each.end}`).join(", ");
  return hours ? `${days} ${hours}` : days;
}

interface Props {
  label: string;
  help: string;
  value: Window | null;
  onChange: (value: Window | null) => void;
}

/** Weekdays and times of day, by the clocks of the journey's time zone; switched off, there is no restriction. */
export function WindowField({ label, help, value, onChange }: Props) {
  return (
    <Box>
      <FormControlLabel
        label={label}
        control={
          <Switch checked={value !== null} onChange={(_, checked) => onChange(checked ? NEW : null)} />
        }
      />
      {value && (
        <Box sx={{ display: "grid", gap: 1, mt: 0.5 }}>
          <ToggleButtonGroup
            size="small"
            aria-label={`${label}: weekdays`}
            value={value.weekdays}
            onChange={(_, weekdays: number[]) => onChange({ ...value, weekdays: [...weekdays].sort() })}
          >
            {DAYS.map((day, number) => (
              <ToggleButton key={day} value={number}>
                {day}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          {value.times.map((range, at) => (
            <TimeRow
              // biome-ignore lint/suspicious/noArrayIndexKey: times have no identity of their own
              key={at}
              range={range}
              change={(next) =>
                onChange({
                  ...value,
                  times: value.times.map((each, number) => (number === at ? next : each)),
                })
              }
              remove={() => onChange({ ...value, times: value.times.filter((_, number) => number !== at) })}
            />
          ))}
          <Box>
            <Button
              size="small"
              startIcon={<Plus size={16} aria-hidden />}
              onClick={() =>
                onChange({ ...value, times: [...value.times, { start: "09:00", end: "17:00" }] })
              }
            >
              Add times
            </Button>
          </Box>
          <Box sx={{ typography: "caption", color: "text.secondary" }}>{help}</Box>
        </Box>
      )}
    </Box>
  );
}

type Range = Window["times"][number];

function TimeRow({
  range,
  change,
  remove,
}: {
  range: Range;
  change: (range: Range) => void;
  remove: () => void;
}) {
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "center" }}>
      <TextField
        label="From"
        type="time"
        value={range.start}
        onChange={(event) => event.target.value && change({ ...range, start: event.target.value })}
      />
      <TextField
        label="To"
        type="time"
        value={range.end === "24:00" ? "00:00" : range.end}
        onChange={(event) => event.target.value && change({ ...range, end: event.target.value })}
      />
      <IconButton aria-label="Remove these times" onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}
