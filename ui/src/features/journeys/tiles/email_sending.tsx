import { FormControlLabel, MenuItem, Switch, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { call } from "@/shared/http";
import type { AbTest } from "@/shared/model";

interface Props {
  emailId: number | null;
  value: number | null;
  onChange: (testId: number | null) => void;
}

/** The switch that tests two versions of the tile's email, and which of the email's tests it is. */
export function AbTestSwitch({ emailId, value, onChange }: Props) {
  const { data } = useQuery({
    queryKey: ["ab-tests", emailId],
    queryFn: ({ signal }) => call<AbTest[]>(`/emails/${emailId}/ab-tests`, { signal }),
    enabled: emailId !== null,
  });
  const tests = (data ?? []).filter((test) => test.status === "draft" || test.id === value);
  const [first] = tests;
  return (
    <>
      <FormControlLabel
        control={
          <Switch
            checked={value !== null}
            disabled={value === null && !first}
            onChange={(event) => onChange(event.target.checked && first ? first.id : null)}
          />
        }
        label="A/B testing"
      />
      {value === null && !first && emailId !== null && data && (
        <small>The email has no test that has not run yet.</small>
      )}
      {value !== null && (
        <TextField
          select
          label="A/B test"
          value={tests.some((test) => test.id === value) ? value : ""}
          onChange={(event) => onChange(Number(event.target.value))}
        >
          {tests.map((test) => (
            <MenuItem key={test.id} value={test.id}>
              {test.name}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
}

/** The switch that keeps each person's mail until they are likeliest to open it. */
export function BestHourSwitch({ checked, onChange }: { checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <FormControlLabel
      control={<Switch checked={checked} onChange={(event) => onChange(event.target.checked)} />}
      label="Send at each person's best hour, within seven days"
    />
  );
}
