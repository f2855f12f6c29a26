import { ListChecks } from "lucide-react";
import {
  BooleanInput,
  CreateBase,
  DataTable,
  EditBase,
  required,
  TextInput,
  useRecordContext,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDate } from "@/shared/format";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { YesNo } from "@/shared/YesNo";
import { CentrePreview } from "./CentrePreview";
import { Members } from "./Members";

const PARENT = { label: "Subscription lists", to: "/lists" };

export function ListList() {
  return (
    <ResourceList
      title="Subscription lists"
      noun="subscription list"
      icon={ListChecks}
      createLabel="New list"
      emptySentence="Make a list that people can join and leave by themselves, such as a newsletter."
      exportable
      moreActions={<CentrePreview />}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="description" disableSort />
      <DataTable.NumberCol source="size" label="Members" disableSort />
      <DataTable.Col
        source="public"
        label="In the centre"
        disableSort
        render={(record) => <YesNo value={record.public} />}
      />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
    </ResourceList>
  );
}

export function ListCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New subscription list" />
      <FormPage saveLabel="Create list" defaultValues={{ name: "", description: "", public: true }}>
        <ListFields />
      </FormPage>
    </CreateBase>
  );
}

export function ListEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <ListPage />
    </EditBase>
  );
}

function ListPage() {
  const list = useRecordContext();
  if (!list) return null;
  return (
    <>
      <PageHeader parent={PARENT} title={list.name} />
      <FormPage deletable="subscription list">
        <ListFields />
      </FormPage>
      <Members resource="lists" id={Number(list.id)} editable />
    </>
  );
}

function ListFields() {
  return (
    <Section title="List">
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput source="description" />
        <BooleanInput source="public" label="Shown in the subscription centre" />
      </Fields>
    </Section>
  );
}
