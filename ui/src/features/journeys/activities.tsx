import { Button } from "@mui/material";
import { CalendarCheck, Check, ClipboardCheck, Undo2 } from "lucide-react";
import {
  CreateBase,
  DataTable,
  EditBase,
  FormDataConsumer,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDate, formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import { PageHeader } from "@/shared/PageHeader";
import { RecordLink } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { MinutesInput } from "./MinutesInput";

const KINDS = [
  { id: "task", name: "Task" },
  { id: "phone_call", name: "Phone call" },
  { id: "appointment", name: "Appointment" },
];
const PRIORITIES = [
  { id: "low", name: "Low" },
  { id: "normal", name: "Normal" },
  { id: "high", name: "High" },
];
const KIND_FILTER = {
  name: "kind",
  label: "Kind",
  choices: KINDS.map(({ id, name }) => ({ value: id, label: name })),
};
const STATE_FILTER = {
  name: "state",
  label: "State",
  choices: [
    { value: "open", label: "Open" },
    { value: "done", label: "Done" },
  ],
};

function nameKind(kind: string): string {
  return KINDS.find((each) => each.id === kind)?.name ?? kind;
}

export function ActivityList() {
  return (
    <ResourceList
      title="Activities"
      noun="activity"
      nouns="activities"
      icon={ClipboardCheck}
      emptySentence="Tasks, phone calls and appointments that journeys make for colleagues appear here."
      filters={[STATE_FILTER, KIND_FILTER]}
      rowClick={false}
    >
      <DataTable.Col source="subject" />
      <DataTable.Col source="kind" disableSort render={(record) => nameKind(record.kind)} />
      <DataTable.Col
        source="contact_id"
        label="About"
        disableSort
        render={(record) =>
          record.contact_id ? (
            <RecordLink resource="contacts" id={record.contact_id} />
          ) : (
            <RecordLink resource="companies" id={record.company_id} missing="Deleted company" />
          )
        }
      />
      <DataTable.Col
        source="journey_id"
        label="From journey"
        disableSort
        render={(record) => (
          <RecordLink resource="journeys" page="/show" id={record.journey_id} missing="Deleted journey" />
        )}
      />
      <DataTable.Col source="priority" disableSort render={(record) => humanise(record.priority)} />
      <DataTable.Col source="due_at" label="Due" render={(record) => formatDateTime(record.due_at)} />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
      <DataTable.Col
        label="State"
        disableSort
        render={(record) => <Done id={Number(record.id)} subject={record.subject} doneAt={record.done_at} />}
      />
    </ResourceList>
  );
}

/** Mark an activity as done, or open it again. */
function Done({ id, subject, doneAt }: { id: number; subject: string; doneAt: string | null }) {
  const { busy, act } = useAct();
  const command = doneAt ? "reopen" : "done";
  return (
    <Button
      size="small"
      disabled={busy}
      aria-label={`${doneAt ? "Open again" : "Mark as done"}: ${subject}`}
      color={doneAt ? "inherit" : "primary"}
      startIcon={doneAt ? <Undo2 size={15} aria-hidden /> : <Check size={15} aria-hidden />}
      onClick={() =>
        act(
          () => call(`/activities/${id}/${command}`, { method: "POST" }),
          doneAt ? "It is open again." : "It is done.",
        )
      }
    >
      {doneAt ? `Done ${formatDate(doneAt)}` : "Mark as done"}
    </Button>
  );
}

const PARENT = { label: "Activity templates", to: "/activity-templates" };

export function ActivityTemplateList() {
  return (
    <ResourceList
      title="Activity templates"
      noun="activity template"
      nouns="activity templates"
      icon={CalendarCheck}
      createLabel="New template"
      emptySentence="A template is what a journey's task, phone call or appointment looks like. Make one, then choose it at a tile."
      filters={[KIND_FILTER]}
      sort={{ field: "name", order: "ASC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="kind" render={(record) => nameKind(record.kind)} />
      <DataTable.Col source="subject" disableSort />
      <DataTable.Col source="priority" disableSort render={(record) => humanise(record.priority)} />
      <DataTable.Col source="updated_at" label="Changed" render={(record) => formatDate(record.updated_at)} />
    </ResourceList>
  );
}

export function ActivityTemplateCreate() {
  return (
    <CreateBase redirect="list">
      <PageHeader parent={PARENT} title="New activity template" />
      <FormPage saveLabel="Create template" defaultValues={{ kind: "task", priority: "normal" }}>
        <TemplateFields />
      </FormPage>
    </CreateBase>
  );
}

export function ActivityTemplateEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <TemplateTitle />
      <FormPage deletable="activity template">
        <TemplateFields edited />
      </FormPage>
    </EditBase>
  );
}

function TemplateTitle() {
  const template = useRecordContext();
  return <PageHeader parent={PARENT} title={template?.name ?? "Activity template"} />;
}

function TemplateFields({ edited = false }: { edited?: boolean }) {
  return (
    <Section title="Template">
      <Fields columns={3}>
        <TextInput source="name" validate={required()} />
        <SelectInput source="kind" choices={KINDS} validate={required()} disabled={edited} />
        <SelectInput source="priority" choices={PRIORITIES} />
        <TextInput source="subject" validate={required()} />
        <TextInput source="description" multiline />
        <FormDataConsumer>
          {({ formData }) =>
            formData.kind === "appointment" ? (
              <>
                <MinutesInput source="start_after_minutes" label="Starts after" required />
                <MinutesInput source="duration_minutes" label="Takes" />
                <TextInput source="location" />
              </>
            ) : (
              <MinutesInput source="due_in_minutes" label="Due in" />
            )
          }
        </FormDataConsumer>
      </Fields>
    </Section>
  );
}
