import { Box, MenuItem, TextField } from "@mui/material";
import type { Duration } from "../definition";

const UNITS: Duration["unit"][] = ["minutes", "hours", "days", "weeks"];

export function describeDuration({ amount, unit }: Duration): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

interface Props {
  label: string;
  value: Duration | null;
  onChange: (value: Duration | null) => void;
  /** Whether it may be left empty. */
  optional?: boolean;
}

export function DurationField({ label, value, onChange, optional = false }: Props) {
  function setAmount(text: string) {
    if (text === "" && optional) onChange(null);
    else onChange({ amount: Number.parseInt(text, 10) || 0, unit: value?.unit ?? "days" });
  }
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "flex-end" }}>
      <TextField
        label={label}
        type="number"
        value={value?.amount ?? ""}
        onChange={(event) => setAmount(event.target.value)}
        slotProps={{ htmlInput: { min: 1 } }}
        sx={{ flex: 1 }}
      />
      <TextField
        select
        hiddenLabel
        value={value?.unit ?? "days"}
        disabled={value === null && optional}
        onChange={(event) =>
          onChange({ amount: value?.amount ?? 1, unit: event.target.value as Duration["unit"] })
        }
        slotProps={{ select: { SelectDisplayProps: { "aria-label": `${label}: unit` } } }}
        sx={{ minWidth: 120 }}
      >
        {UNITS.map((unit) => (
          <MenuItem key={unit} value={unit}>
            {unit}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  );
}
