import { Box, FormHelperText } from "@mui/material";
import { useState } from "react";
import { required as isRequired, useInput } from "react-admin";
import type { Duration } from "./definition";
import { DurationField } from "./tiles/durations";

const MINUTES: Record<Duration["unit"], number> = { minutes: 1, hours: 60, days: 1440, weeks: 10_080 };
const LARGEST_FIRST: Duration["unit"][] = ["weeks", "days", "hours", "minutes"];

/** A length of time that the API keeps in minutes, typed with the unit that suits it. */
export function MinutesInput({
  source,
  label,
  required = false,
}: {
  source: string;
  label: string;
  required?: boolean;
}) {
  const { field, fieldState } = useInput({ source, ...(required ? { validate: isRequired() } : {}) });
  const [chosen, setChosen] = useState<Duration["unit"] | null>(null); // as typed: 24 hours stay 24 hours
  const minutes: number | null = field.value === "" ? null : (field.value ?? null);
  return (
    <Box sx={{ mb: 2.5 }}>
      <DurationField
        optional
        label={label}
        value={minutes === null ? null : inUnit(minutes, chosen)}
        onChange={(value) => {
          setChosen(value?.unit ?? null);
          field.onChange(value && value.amount * MINUTES[value.unit]);
        }}
      />
      <FormHelperText error={fieldState.invalid}>
        {fieldState.invalid
          ? "It must be set."
          : "Counted from the moment at which a person reaches the tile."}
      </FormHelperText>
    </Box>
  );
}

function inUnit(minutes: number, chosen: Duration["unit"] | null): Duration {
  const fits = (unit: Duration["unit"]) => minutes % MINUTES[unit] === 0;
  const unit = chosen && fits(chosen) ? chosen : (LARGEST_FIRST.find(fits) ?? "minutes");
  return { amount: minutes / MINUTES[unit], unit };
}
