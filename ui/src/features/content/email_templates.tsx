import { Alert, Button } from "@mui/material";
import { Copy, LayoutTemplate, MailPlus } from "lucide-react";
import {
  CreateBase,
  DataTable,
  EditBase,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
  useRedirect,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatRelative } from "@/shared/format";
import { API, call, withQuery } from "@/shared/http";
import type { EmailTemplate } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { DESIGNATIONS, SOURCE_KIND_FILTER, SOURCE_KINDS } from "./choices";
import { Labels, LabelsInput } from "./labels";
import { SourceBody } from "./SourceBody";
import { STARTER } from "./starter";
import { useBeginEmail } from "./useBeginEmail";

type Template = EmailTemplate & { id: number };

const PARENT = { label: "Email templates", to: "/email-templates" };
const NEW = {
  name: "",
  description: "",
  purpose: "",
  labels: [],
  language: "en",
  subject: "",
  preheader: "",
  legal_designation: "commercial",
  source_kind: "mjml",
  source: STARTER,
};
const FILTERS = [
  {
    name: "shipped",
    label: "Made by",
    choices: [
      { value: "false", label: "Us" },
      { value: "true", label: "Senet" },
    ],
  },
  SOURCE_KIND_FILTER,
];

/** What emails can begin with: those that came with Senet, and one's own. */
export function EmailTemplateList() {
  return (
    <ResourceList
      title="Email templates"
      noun="email template"
      icon={LayoutTemplate}
      createLabel="New template"
      emptySentence="A template is what an email begins with. Write one here, or make one of an email that turned out well."
      filters={FILTERS}
      sort={{ field: "name", order: "ASC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="purpose" />
      <DataTable.Col source="labels" disableSort render={(record) => <Labels labels={record.labels} />} />
      <DataTable.Col
        source="shipped"
        label="Made by"
        disableSort
        render={(record) => (record.shipped ? "Senet" : "Us")}
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

export function EmailTemplateCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New email template" />
      <FormPage defaultValues={NEW} saveLabel="Create template">
        <TemplateFields />
        <SourceBody />
      </FormPage>
    </CreateBase>
  );
}

export function EmailTemplateEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <TemplatePage />
    </EditBase>
  );
}

function TemplatePage() {
  const template = useRecordContext<Template>();
  const mayEdit = useMay("edit");
  if (!template) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={template.name}
        subtitle="Emails that began with it have a copy: changes here do not reach them."
        actions={mayEdit && <TemplateCommands template={template} />}
      />
      {template.shipped && (
        <Alert severity="info" sx={{ mb: 3 }}>
          It came with Senet and cannot be changed. Copy it to make it your own.
        </Alert>
      )}
      <FormPage deletable="email template" locked={template.shipped}>
        <TemplateFields />
        <SourceBody
          preview={{
            title: "Preview of the template",
            address: withQuery(`${API}/email-templates/${template.id}/preview.html`, {
              at: template.updated_at,
            }),
          }}
        />
      </FormPage>
    </>
  );
}

function TemplateCommands({ template }: { template: Template }) {
  const redirect = useRedirect();
  const { busy, act } = useAct();
  const { busy: writing, begin } = useBeginEmail();
  async function copy() {
    const columns = Object.keys(NEW) as (keyof typeof NEW)[];
    const body = {
      ...Object.fromEntries(columns.map((column) => [column, template[column]])),
      name: `Copy of ${template.name}`.slice(0, 200),
    };
    const made = await act(() => call<Template>("/email-templates", { method: "POST", body }));
    if (made) redirect("edit", "email-templates", made.id);
  }
  return (
    <>
      <Button
        color="inherit"
        startIcon={<Copy size={16} aria-hidden />}
        disabled={busy || writing}
        onClick={copy}
      >
        Copy
      </Button>
      <Button
        variant="outlined"
        startIcon={<MailPlus size={16} aria-hidden />}
        disabled={busy || writing}
        onClick={() => begin(template.id)}
      >
        Write an email with it
      </Button>
    </>
  );
}

function TemplateFields() {
  return (
    <>
      <Section title="Template">
        <Fields columns={2}>
          <TextInput source="name" validate={required()} />
          <TextInput source="purpose" helperText="What it is for, such as an invitation." />
          <TextInput source="description" helperText="When to use it, for your colleagues." />
          <LabelsInput />
        </Fields>
      </Section>
      <Section title="What an email begins with">
        <Fields columns={2}>
          <TextInput source="subject" />
          <TextInput source="preheader" helperText="The line that inboxes show after the subject." />
          <TextInput source="language" helperText="A language tag such as en or de." />
          <SelectInput source="legal_designation" label="Legal designation" choices={DESIGNATIONS} />
          <SelectInput source="source_kind" label="Language of the source" choices={SOURCE_KINDS} />
        </Fields>
      </Section>
    </>
  );
}
