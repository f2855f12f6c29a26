import { Building2 } from "lucide-react";
import {
  AutocompleteInput,
  CreateBase,
  DataTable,
  EditBase,
  NumberInput,
  required,
  TextInput,
  useRecordContext,
} from "react-admin";
import { COUNTRIES, nameCountry } from "@/shared/countries";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDate } from "@/shared/format";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { CustomColumns } from "./CustomColumns";

const PARENT = { label: "Companies", to: "/companies" };
const FILTERS = [
  {
    name: "country",
    label: "Country",
    choices: COUNTRIES.map(({ id, name }) => ({ value: id, label: name })),
  },
];

export function CompanyList() {
  return (
    <ResourceList
      title="Companies"
      noun="company"
      nouns="companies"
      icon={Building2}
      createLabel="New company"
      emptySentence="Add one here, or name companies in a CSV file of contacts: an import makes those that are missing."
      exportable
      filters={FILTERS}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="industry" />
      <DataTable.NumberCol source="employees" />
      <DataTable.Col source="city" />
      <DataTable.Col source="country" render={(record) => nameCountry(record.country)} />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
    </ResourceList>
  );
}

export function CompanyCreate() {
  return (
    <CreateBase redirect="list">
      <PageHeader parent={PARENT} title="New company" />
      <FormPage saveLabel="Create company" defaultValues={{ custom: {} }}>
        <CompanyFields />
      </FormPage>
    </CreateBase>
  );
}

export function CompanyEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <CompanyTitle />
      <FormPage deletable="company">
        <CompanyFields />
      </FormPage>
    </EditBase>
  );
}

function CompanyTitle() {
  const company = useRecordContext();
  return <PageHeader parent={PARENT} title={company?.name ?? "Company"} />;
}

function CompanyFields() {
  return (
    <>
      <Section title="Company">
        <Fields columns={3}>
          <TextInput source="name" validate={required()} />
          <TextInput source="website" />
          <TextInput source="industry" />
          <NumberInput source="employees" min={0} />
          <TextInput source="city" />
          <AutocompleteInput source="country" choices={COUNTRIES} emptyValue="" />
          <TextInput source="external_id" label="External id" />
        </Fields>
      </Section>
      <CustomColumns entity="company" />
    </>
  );
}
