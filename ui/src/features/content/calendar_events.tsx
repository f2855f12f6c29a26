import { CalendarDays } from "lucide-react";
import { CreateBase, DataTable, EditBase, required, TextInput, useRecordContext } from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDateTime } from "@/shared/format";
import { MomentInput } from "@/shared/MomentInput";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { TimeZoneInput } from "@/shared/TimeZoneInput";

const PARENT = { label: "Calendar events", to: "/calendar-events" };
const NEW = {
  name: "",
  description: "",
  location: "",
  url: "",
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  organizer_name: "",
  organizer_email: "",
};

export function CalendarEventList() {
  return (
    <ResourceList
      title="Calendar events"
      noun="calendar event"
      icon={CalendarDays}
      createLabel="New event"
      emptySentence="Name what an email invites to. Readers put it into their calendar with one click."
      sort={{ field: "starts_at", order: "DESC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="location" disableSort />
      <DataTable.Col
        source="starts_at"
        label="Begins"
        render={(record) => formatDateTime(record.starts_at)}
      />
      <DataTable.Col
        source="ends_at"
        label="Ends"
        disableSort
        render={(record) => formatDateTime(record.ends_at)}
      />
    </ResourceList>
  );
}

export function CalendarEventCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New calendar event" />
      <FormPage saveLabel="Create event" defaultValues={NEW}>
        <EventFields />
      </FormPage>
    </CreateBase>
  );
}

export function CalendarEventEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <EventPage />
    </EditBase>
  );
}

function EventPage() {
  const event = useRecordContext();
  if (!event) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={event.name}
        subtitle={`In emails: {{ event.name }}, {{ event.calendar_url }}`}
      />
      <FormPage deletable="calendar event">
        <EventFields />
      </FormPage>
    </>
  );
}

function EventFields() {
  return (
    <Section title="Event" description="Changes reach calendars that open the file again.">
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput source="location" />
        <MomentInput source="starts_at" label="Begins" validate={required()} zoneSource="time_zone" />
        <MomentInput source="ends_at" label="Ends" validate={required()} zoneSource="time_zone" />
        <TimeZoneInput source="time_zone" label="Time zone of the place" />
        <TextInput source="url" label="Web page" />
        <TextInput source="organizer_name" label="Organizer" />
        <TextInput source="organizer_email" label="Organizer's email" />
      </Fields>
      <TextInput source="description" multiline minRows={3} fullWidth />
    </Section>
  );
}
