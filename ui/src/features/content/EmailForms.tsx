import { Alert, Button } from "@mui/material";
import { ChartNoAxesCombined } from "lucide-react";
import {
  BooleanInput,
  CreateBase,
  EditBase,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";
import { useWatch } from "react-hook-form";
import { Link } from "react-router-dom";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import type { Email } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { AbTestsPanel } from "./ab_tests/AbTestsPanel";
import { ChooseTemplate } from "./ChooseTemplate";
import { ContentTypeInput } from "./ContentTypeInput";
import { DESIGNATIONS } from "./choices";
import { EmailBody } from "./EmailBody";
import { EmailCommands } from "./EmailCommands";
import { EventInput } from "./EventInput";
import { STARTER } from "./starter";

const PARENT = { label: "Emails", to: "/emails" };
const NEW = {
  name: "",
  subject: "",
  preheader: "",
  from_name: "",
  from_address: "",
  to_address: "{{ contact.email }}",
  reply_to: "",
  language: "en",
  source_kind: "mjml",
  source: STARTER,
  plain_text: "",
  plain_text_automatic: true,
  legal_designation: "commercial",
  content_type: "default",
  event_id: null,
};

export function EmailCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New email" actions={<ChooseTemplate />} />
      <FormPage defaultValues={NEW} saveLabel="Create email">
        <HeaderFields />
        <EmailBody />
      </FormPage>
    </CreateBase>
  );
}

export function EmailEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <EmailPage />
    </EditBase>
  );
}

const LOCKED: Record<string, string> = {
  live: "A live email cannot be changed. Choose Edit to change it while the published version keeps working.",
  expired: "An email that is out of use cannot be changed. Copy it to use it again.",
};

function EmailPage() {
  const email = useRecordContext<Email & { id: number }>();
  if (!email) return null;
  const locked = LOCKED[email.status];
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={email.name}
        status={<StatusChip status={email.status} />}
        actions={
          <>
            {email.live_version_id !== null && (
              <Button
                color="inherit"
                component={Link}
                to={`/emails/${email.id}/insights`}
                startIcon={<ChartNoAxesCombined size={16} aria-hidden />}
              >
                Insights
              </Button>
            )}
            <EmailCommands email={email} />
          </>
        }
      />
      {locked && (
        <Alert severity="info" sx={{ mb: 3 }}>
          {locked}
        </Alert>
      )}
      <FormPage
        locked={locked !== undefined}
        extra={<EmailBody email={email} locked={locked !== undefined} />}
        {...(email.status === "draft" && email.live_version_id === null ? { deletable: "email" } : {})}
      >
        <HeaderFields designationFixed={email.live_version_id !== null} />
      </FormPage>
      {email.content_type === "default" && <AbTestsPanel email={email} />}
    </>
  );
}

function HeaderFields({ designationFixed = false }: { designationFixed?: boolean }) {
  return (
    <>
      <Section title="Header" description="Every line may hold Liquid, such as {{ contact.first_name }}.">
        <Fields columns={2}>
          <TextInput source="name" validate={required()} helperText="For you and your colleagues only." />
          <TextInput source="subject" />
          <TextInput source="preheader" helperText="The line that inboxes show after the subject." />
          <TextInput source="reply_to" label="Reply to" />
          <TextInput source="from_name" label="From name" />
          <TextInput source="from_address" label="From address" />
        </Fields>
      </Section>
      <Section title="Delivery">
        <Fields columns={2}>
          <TextInput
            source="to_address"
            label="To"
            helperText="An expression that gives each person's address."
          />
          <TextInput source="language" helperText="A language tag such as en or de." />
          <SelectInput
            source="legal_designation"
            label="Legal designation"
            choices={DESIGNATIONS}
            disabled={designationFixed}
            helperText={
              designationFixed ? "Fixed since the email first went live." : "Commercial mail needs a way out."
            }
          />
          <ContentTypeInput fixed={designationFixed} />
        </Fields>
        <EventInput />
        <BooleanInput source="plain_text_automatic" label="Make the plain text from the HTML" />
        <PlainText />
      </Section>
    </>
  );
}

function PlainText() {
  const automatic = useWatch({ name: "plain_text_automatic" });
  if (automatic) return null;
  return <TextInput source="plain_text" label="Plain text" multiline minRows={6} fullWidth />;
}
