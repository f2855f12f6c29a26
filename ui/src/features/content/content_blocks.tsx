import { Blocks } from "lucide-react";
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
import { formatRelative } from "@/shared/format";
import { API, withQuery } from "@/shared/http";
import type { ContentBlock } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { SOURCE_KIND_FILTER, SOURCE_KINDS } from "./choices";
import { Labels, LabelsInput } from "./labels";
import { SourceBody } from "./SourceBody";

const PARENT = { label: "Content blocks", to: "/content-blocks" };
const STARTER = `<mj-section>
  <mj-column>
    <mj-text>Hello {{ contact.first_name | default: "there" }}!</mj-text>
  </mj-column>
</mj-section>`;
const NEW = { name: "", description: "", labels: [], source_kind: "mjml", source: STARTER };

/** Pieces of bodies, to be copied into emails. */
export function ContentBlockList() {
  return (
    <ResourceList
      title="Content blocks"
      noun="content block"
      icon={Blocks}
      createLabel="New block"
      emptySentence="Write what many emails share once, such as a header or a product. An email’s editor inserts it."
      filters={[SOURCE_KIND_FILTER]}
      sort={{ field: "updated_at", order: "DESC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="description" disableSort />
      <DataTable.Col source="labels" disableSort render={(record) => <Labels labels={record.labels} />} />
      <DataTable.Col
        source="source_kind"
        label="Language"
        disableSort
        render={(record) => record.source_kind.toUpperCase()}
      />
      <DataTable.Col
        source="updated_at"
        label="Changed"
        render={(record) => formatRelative(record.updated_at)}
      />
    </ResourceList>
  );
}

export function ContentBlockCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New content block" />
      <FormPage defaultValues={NEW} saveLabel="Create block">
        <BlockFields />
        <SourceBody />
      </FormPage>
    </CreateBase>
  );
}

export function ContentBlockEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <BlockPage />
    </EditBase>
  );
}

function BlockPage() {
  const block = useRecordContext<ContentBlock & { id: number }>();
  if (!block) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={block.name}
        subtitle="Emails that it was put into have a copy: changes here do not reach them."
      />
      <FormPage deletable="content block">
        <BlockFields />
        <SourceBody
          preview={{
            title: "Preview of the block",
            address: withQuery(`${API}/content-blocks/${block.id}/preview.html`, { at: block.updated_at }),
          }}
        />
      </FormPage>
    </>
  );
}

function BlockFields() {
  return (
    <Section title="Block">
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput source="description" helperText="When to use it, for your colleagues." />
        <LabelsInput />
        <SelectInput source="source_kind" label="Language of the source" choices={SOURCE_KINDS} />
      </Fields>
    </Section>
  );
}
