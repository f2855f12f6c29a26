import {
  AutocompleteInput,
  BooleanInput,
  NumberInput,
  ReferenceInput,
  required,
  SelectInput,
  TextInput,
} from "react-admin";
import { useWatch } from "react-hook-form";
import { LEVELS } from "@/shared/consent";
import { Fields } from "@/shared/Fields";
import { MomentInput } from "@/shared/MomentInput";
import { Section } from "@/shared/Section";
import { TimeZoneInput } from "@/shared/TimeZoneInput";

const NEEDED = LEVELS.map((level) => (level.id === 0 ? { ...level, name: "0 · None needed" } : level));

const TARGETS = [
  { id: "contact", name: "Contacts" },
  { id: "company", name: "Companies" },
];
const SCOPES = [
  { id: "organization", name: "Everybody's contacts" },
  { id: "business_unit", name: "Contacts of its own business unit" },
];

/** How long an iteration lasts and how many there are, for journeys that recur. */
function Recurrence({ locked }: { locked: (name: string) => boolean }) {
  const recurring = useWatch({ name: "is_recurring" });
  if (!recurring) return null;
  return (
    <>
      <NumberInput
        source="interval_days"
        label="An iteration lasts (days)"
        min={1}
        validate={required()}
        disabled={locked("interval_days")}
        helperText="Whoever still stands when the next one begins is cut off."
      />
      <NumberInput
        source="iteration_count"
        label="How many iterations"
        min={1}
        validate={required()}
        disabled={locked("iteration_count")}
        helperText="All of them must fit between start and end."
      />
    </>
  );
}

/** Everything about a journey but its tiles. What its state does not let anybody change is locked. */
export function JourneySettings({ locked }: { locked: string[] }) {
  const isLocked = (name: string) => locked.includes(name);
  return (
    <Section title="Settings">
      <Fields>
        <TextInput source="name" validate={required()} disabled={isLocked("name")} />
        <TextInput source="description" />
        <MomentInput
          source="start_at"
          label="Starts"
          disabled={isLocked("start_at")}
          zoneSource="time_zone"
        />
        <MomentInput
          source="end_at"
          label="Ends"
          disabled={isLocked("end_at")}
          hint="Empty: it runs until it is stopped."
          zoneSource="time_zone"
        />
        <TimeZoneInput source="time_zone" label="Time zone" disabled={isLocked("time_zone")} />
        <SelectInput
          source="minimum_consent"
          label="Minimum consent"
          choices={NEEDED}
          disabled={isLocked("minimum_consent")}
          helperText="Contacts below it are not processed."
        />
        <SelectInput
          source="target"
          label="Goes to"
          choices={TARGETS}
          disabled={isLocked("target")}
          helperText="For companies, tiles may act once a company and ask of all its people."
        />
        <SelectInput source="scope" label="Who may be in it" choices={SCOPES} disabled={isLocked("scope")} />
        <ReferenceInput
          source="content_settings_id"
          reference="content-settings"
          sort={{ field: "name", order: "ASC" }}
        >
          <AutocompleteInput
            label="Content settings"
            filterToQuery={(search) => ({ search })}
            disabled={isLocked("content_settings_id")}
            helperText="The address and the subscription centre that its emails carry."
          />
        </ReferenceInput>
        <ReferenceInput
          source="suppression_segment_id"
          reference="segments"
          sort={{ field: "name", order: "ASC" }}
        >
          <AutocompleteInput
            label="Suppression segment"
            filterToQuery={(search) => ({ search })}
            disabled={isLocked("suppression_segment_id")}
            helperText="Its members are stopped wherever they stand."
          />
        </ReferenceInput>
        <BooleanInput
          source="is_recurring"
          label="Recurring"
          disabled={isLocked("is_recurring")}
          helperText="The whole audience is called in again, iteration after iteration."
        />
        <BooleanInput
          source="refuse_large_emails"
          label="Refuse large emails"
          disabled={isLocked("refuse_large_emails")}
          helperText="More than 128 KB of HTML is an error then; otherwise it is a warning."
        />
        <Recurrence locked={isLocked} />
      </Fields>
    </Section>
  );
}
