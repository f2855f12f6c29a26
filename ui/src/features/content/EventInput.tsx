import { useInput } from "react-admin";
import { RecordPicker } from "@/shared/RecordPicker";

const SOONEST = { field: "starts_at", order: "DESC" as const };

/** The calendar event that an email invites to: what {{ event.… }} means in it. */
export function EventInput() {
  const event = useInput({ source: "event_id", defaultValue: null });
  return (
    <RecordPicker
      resource="calendar-events"
      label="Calendar event"
      value={event.field.value || null}
      sort={SOONEST}
      onChange={event.field.onChange}
      helperText="What {{ event.name }} and {{ event.calendar_url }} mean."
    />
  );
}
