import { Alert, Box } from "@mui/material";
import { BooleanInput, Form, maxValue, minValue, NumberInput, SaveButton, TextInput } from "react-admin";
import { type FieldValues, useWatch } from "react-hook-form";
import { Fields } from "@/shared/Fields";
import { call } from "@/shared/http";
import type { SendingLimits } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { TimeZoneInput } from "@/shared/TimeZoneInput";
import { useAct } from "@/shared/useAct";
import { describeLimits } from "./limits";

const NUMBERS = ["per_day", "per_week", "per_month"] as const;
const CLOCKS = ["quiet_from", "quiet_until"] as const;
const AT_LEAST_ONE = [minValue(1), maxValue(1000)];

/** The cap and the quiet hours, with what they mean for people in words. */
export function LimitsForm({ limits, unit }: { limits: SendingLimits; unit: number }) {
  const mayAdminister = useMay("administer");
  const { act, problems } = useAct();
  // Nothing is returned: react-admin takes what a form's handler returns for the errors of its fields.
  async function save(values: FieldValues): Promise<void> {
    const path = unit === 0 ? "/sending-limits" : `/sending-limits/${unit}`;
    await act(
      () => call(path, { method: "PUT", body: clean(values) }),
      "The limits are saved. Senders obey within seconds.",
    );
  }
  return (
    <Form record={limits as unknown as Record<string, unknown> & { id: number }} onSubmit={save} noValidate>
      <Box component="fieldset" disabled={!mayAdminister} sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
        <Effect />
        {problems.length > 0 && <ProblemsList problems={problems} />}
        <Section
          title="Frequency cap"
          description="Commercial mails to one person, at most. Empty: no limit."
        >
          <Fields columns={3}>
            <NumberInput source="per_day" label="In 24 hours" validate={AT_LEAST_ONE} />
            <NumberInput source="per_week" label="In 7 days" validate={AT_LEAST_ONE} />
            <NumberInput source="per_month" label="In 30 days" validate={AT_LEAST_ONE} />
          </Fields>
          <Fields>
            <BooleanInput source="delays" label="What comes beyond waits until it is allowed" />
            <NumberInput
              source="longest_delay_hours"
              label="Hours that a mail may wait"
              validate={[minValue(1), maxValue(720)]}
            />
          </Fields>
        </Section>
        <Section
          title="Quiet hours"
          description="No commercial mail is sent then, by the person's own clock."
        >
          <Fields columns={3}>
            <TextInput source="quiet_from" label="From" type="time" />
            <TextInput source="quiet_until" label="Until" type="time" />
            <TimeZoneInput source="time_zone" label="Time zone where none is known" />
          </Fields>
        </Section>
        {mayAdminister && <SaveButton label="Save limits" alwaysEnable icon={null as never} />}
      </Box>
    </Form>
  );
}

function Effect() {
  const values = useWatch();
  return (
    <Alert severity="info" role="status" sx={{ mb: 3 }}>
      {describeLimits(clean(values))}
    </Alert>
  );
}

/** The form's values as the server takes them: what is empty limits nothing. */
function clean(values: FieldValues): Partial<SendingLimits> {
  const numbers = NUMBERS.map((name) => [name, values[name] ? Number(values[name]) : null]);
  const clocks = CLOCKS.map((name) => [name, values[name] ? String(values[name]).slice(0, 5) : null]);
  return {
    ...Object.fromEntries([...numbers, ...clocks]),
    delays: values.delays !== false,
    longest_delay_hours: Number(values.longest_delay_hours ?? 72),
    time_zone: String(values.time_zone ?? "UTC"),
  };
}
