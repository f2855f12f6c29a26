import { Chip } from "@mui/material";
import { Blocks } from "lucide-react";
import {
  AutocompleteArrayInput,
  CreateBase,
  DataTable,
  EditBase,
  required,
  SelectInput,
  TextInput,
  useGetList,
  useRecordContext,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatRelative } from "@/shared/format";
import type { ContentBlock } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { BlockBody } from "./BlockBody";

const PARENT = { label: "Content blocks", to: "/content-blocks" };
const KINDS = [
  { id: "mjml", name: "MJML" },
  { id: "html", name: "HTML" },
];
const STARTER = `<mj-section>
  <mj-column>
    <mj-text>Hello {{ contact.first_name | default: "there" }}!</mj-text>
  </mj-column>
</mj-section>`;
const NEW = { name: "", description: "", labels: [], source_kind: "mjml", source: STARTER };
const FILTERS = [
  {
    name: "source_kind",
    label: "Language",
    choices: KINDS.map(({ id, name }) => ({ value: id, label: name })),
  },
];

/** Pieces of bodies, to be copied into emails. */
export function ContentBlockList() {
  return (
    <ResourceList
      title="Content blocks"
      noun="content block"
      icon={Blocks}
      createLabel="New block"
      emptySentence="Write what many emails share once, such as a header or a product. An email’s editor inserts it."
      filters={FILTERS}
      sort={{ field: "updated_at", order: "DESC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="description" disableSort />
      <DataTable.Col
        source="labels"
        disableSort
        render={(record) =>
          record.labels.map((label: string) => (
            <Chip key={label} size="small" variant="outlined" label={label} sx={{ mr: 0.5 }} />
          ))
        }
      />
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
        <BlockBody />
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
        <BlockBody block={block} />
      </FormPage>
    </>
  );
}

function BlockFields() {
  const { data } = useGetList("content-labels", {
    pagination: { page: 1, perPage: 200 },
    sort: { field: "name", order: "ASC" },
  });
  const labels = (data ?? []).map((label) => ({ id: label.name, name: label.name }));
  return (
    <Section title="Block">
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput source="description" helperText="When to use it, for your colleagues." />
        <AutocompleteArrayInput
          source="labels"
          choices={labels}
          onCreate={(name) => (name?.trim() ? { id: name.trim(), name: name.trim() } : undefined)}
          createLabel="Type to add a label"
          createItemLabel="Add “%{item}”"
        />
        <SelectInput source="source_kind" label="Language of the source" choices={KINDS} />
      </Fields>
    </Section>
  );
}
