import { Columns3 } from "lucide-react";
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
import { useFormContext } from "react-hook-form";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatCount, humanise } from "@/shared/format";
import { nameLanguage } from "@/shared/languages";
import type { CustomColumn } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { OptionLabels } from "./OptionLabels";

const PARENT = { label: "Custom columns", to: "/custom-columns" };
const ENTITIES = ["contact", "company", "lead"].map((id) => ({ id, name: humanise(id) }));
const KINDS = [
  { id: "text", name: "Text" },
  { id: "number", name: "Number" },
  { id: "boolean", name: "Yes or no" },
  { id: "date", name: "Date" },
  { id: "datetime", name: "Date and time" },
  { id: "choice", name: "One of several options" },
  { id: "choices", name: "Any of several options" },
];
const FILTERS = [
  {
    name: "entity",
    label: "Of",
    choices: ENTITIES.map(({ id, name }) => ({ value: id, label: name })),
  },
];
const NEW = { entity: "contact", key: "", label: "", kind: "choice", options: [], option_labels: {} };

function hasOptions(kind: string | undefined): boolean {
  return kind === "choice" || kind === "choices";
}

/** The languages in which some option has a name. */
function languagesOf(column: Pick<CustomColumn, "option_labels">): string[] {
  return [...new Set(Object.values(column.option_labels).flatMap((names) => Object.keys(names)))].sort();
}

/** The organisation's own columns. */
export function CustomColumnList() {
  return (
    <ResourceList
      title="Custom columns"
      noun="custom column"
      icon={Columns3}
      createLabel="New column"
      emptySentence="Add what your organisation knows of people beyond names and addresses, such as a favourite colour. Emails and segments can use it at once."
      filters={FILTERS}
      sort={{ field: "label", order: "ASC" }}
    >
      <DataTable.Col source="label" render={(record) => record.label || record.key} />
      <DataTable.Col source="entity" label="Of" disableSort render={(record) => humanise(record.entity)} />
      <DataTable.Col
        source="key"
        label="In emails"
        disableSort
        render={(record) => <code>{`{{ ${record.entity}.${record.key} }}`}</code>}
      />
      <DataTable.Col
        source="kind"
        disableSort
        render={(record) => KINDS.find(({ id }) => id === record.kind)?.name ?? record.kind}
      />
      <DataTable.Col
        source="options"
        disableSort
        render={(record) => (hasOptions(record.kind) ? formatCount(record.options.length, "option") : "")}
      />
      <DataTable.Col
        source="option_labels"
        label="Named in"
        disableSort
        render={(record) =>
          languagesOf(record as unknown as CustomColumn)
            .map((language) => nameLanguage(language))
            .join(", ")
        }
      />
    </ResourceList>
  );
}

export function CustomColumnCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New custom column" />
      <FormPage saveLabel="Create column" defaultValues={NEW}>
        <Section title="Column">
          <Fields>
            <SelectInput source="entity" label="Of" choices={ENTITIES} validate={required()} />
            <SelectInput source="kind" choices={KINDS} validate={required()} />
            <LabelInput />
            <TextInput
              source="key"
              validate={required()}
              helperText="What emails and imports call it; it never changes."
            />
          </Fields>
        </Section>
        <Options />
      </FormPage>
    </CreateBase>
  );
}

/** The name of a column; while it is new, its key follows from it until somebody writes one. */
function LabelInput() {
  const { setValue, getFieldState } = useFormContext();
  return (
    <TextInput
      source="label"
      label="Name"
      validate={required()}
      onChange={(event) => {
        const text = typeof event === "string" ? event : event.target.value;
        if (!getFieldState("key").isTouched) setValue("key", makeKey(text), { shouldDirty: true });
      }}
    />
  );
}

function makeKey(label: string): string {
  return label
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 63);
}

export function CustomColumnEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <ColumnPage />
    </EditBase>
  );
}

function ColumnPage() {
  const column = useRecordContext<CustomColumn & { id: number }>();
  if (!column) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={column.label || column.key}
        subtitle={`In emails: {{ ${column.entity}.${column.key} }}`}
      />
      <FormPage deletable="custom column">
        <Section title="Column">
          <Fields>
            <TextInput source="label" label="Name" />
            <SelectInput source="kind" choices={KINDS} disabled />
          </Fields>
        </Section>
        <Options />
      </FormPage>
    </>
  );
}

function Options() {
  return (
    <FormDataConsumer>{({ formData }) => hasOptions(formData.kind) && <OptionLabels />}</FormDataConsumer>
  );
}
