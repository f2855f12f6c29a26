import { Handshake } from "lucide-react";
import {
  CreateBase,
  DataTable,
  EditBase,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDate } from "@/shared/format";
import { PageHeader } from "@/shared/PageHeader";
import { RecordName } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";

const PARENT = { label: "Leads", to: "/leads" };
const STATUSES = [
  { id: "open", name: "Open" },
  { id: "qualified", name: "Qualified" },
  { id: "disqualified", name: "Disqualified" },
];
const FILTERS = [
  {
    name: "status",
    label: "Status",
    choices: STATUSES.map(({ id, name }) => ({ value: id, label: name })),
  },
];

export function LeadList() {
  return (
    <ResourceList
      title="Leads"
      noun="lead"
      nouns="leads"
      icon={Handshake}
      createLabel="New lead"
      emptySentence="Add one here, or let a journey make leads with a “Create lead” tile."
      exportable
      filters={FILTERS}
    >
      <DataTable.Col source="name" disableSort />
      <DataTable.Col source="topic" disableSort />
      <DataTable.Col source="email" disableSort />
      <DataTable.Col source="company_name" label="Company" disableSort />
      <DataTable.Col source="status" disableSort render={(record) => <StatusChip status={record.status} />} />
      <DataTable.Col
        source="journey_id"
        label="From journey"
        disableSort
        render={(record) =>
          record.journey_id ? (
            <RecordName resource="journeys" id={record.journey_id} missing="Deleted journey" />
          ) : (
            "–"
          )
        }
      />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
    </ResourceList>
  );
}

export function LeadCreate() {
  return (
    <CreateBase redirect="list">
      <PageHeader parent={PARENT} title="New lead" />
      <FormPage saveLabel="Create lead" defaultValues={{ status: "open" }}>
        <LeadFields />
      </FormPage>
    </CreateBase>
  );
}

export function LeadEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <LeadTitle />
      <FormPage deletable="lead">
        <LeadFields />
      </FormPage>
    </EditBase>
  );
}

function LeadTitle() {
  const lead = useRecordContext();
  return <PageHeader parent={PARENT} title={lead?.name || lead?.topic || "Lead"} />;
}

function LeadFields() {
  return (
    <Section title="Lead">
      <Fields columns={3}>
        <TextInput source="topic" />
        <TextInput source="first_name" label="First name" />
        <TextInput source="last_name" label="Last name" validate={required()} />
        <TextInput source="email" />
        <TextInput source="phone" />
        <TextInput source="company_name" label="Company" />
        <SelectInput source="status" choices={STATUSES} />
      </Fields>
    </Section>
  );
}
