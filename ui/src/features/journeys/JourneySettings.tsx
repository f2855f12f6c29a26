import {
  AutocompleteInput,
  DateTimeInput,
  ReferenceInput,
  required,
  SelectInput,
  TextInput,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { Section } from "@/shared/Section";
import { TimeZoneInput } from "@/shared/TimeZoneInput";

const CONSENT = [
  { id: 0, name: "0 · None needed" },
  { id: 1, name: "1 · Consent" },
  { id: 2, name: "2 · Transactional" },
  { id: 3, name: "3 · Subscriptions" },
  { id: 4, name: "4 · Marketing" },
  { id: 5, name: "5 · Profiling" },
];

/** Everything about a journey but its tiles. What its state does not let anybody change is locked. */
export function JourneySettings({ locked }: { locked: string[] }) {
  const isLocked = (name: string) => locked.includes(name);
  return (
    <Section title="Settings">
      <Fields>
        <TextInput source="name" validate={required()} disabled={isLocked("name")} />
        <TextInput source="description" />
        <DateTimeInput source="start_at" label="Starts" disabled={isLocked("start_at")} />
        <DateTimeInput
          source="end_at"
          label="Ends"
          disabled={isLocked("end_at")}
          helperText="Empty: it runs until it is stopped."
        />
        <TimeZoneInput source="time_zone" label="Time zone" disabled={isLocked("time_zone")} />
        <SelectInput
          source="minimum_consent"
          label="Minimum consent"
          choices={CONSENT}
          disabled={isLocked("minimum_consent")}
          helperText="Contacts below it are not processed."
        />
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
      </Fields>
    </Section>
  );
}
