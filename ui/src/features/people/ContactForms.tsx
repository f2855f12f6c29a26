import {
  AutocompleteInput,
  BooleanInput,
  CreateBase,
  EditBase,
  ReferenceInput,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";

import { COUNTRIES } from "@/shared/countries";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDateTime } from "@/shared/format";
import type { Contact } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { QuickSend } from "@/shared/quick_send/QuickSend";
import { Section } from "@/shared/Section";
import { TimeZoneInput } from "@/shared/TimeZoneInput";
import { AskToConfirm } from "./AskToConfirm";
import { CustomColumns } from "./CustomColumns";
import { Timeline } from "./Timeline";

const PARENT = { label: "Contacts", to: "/contacts" };
const CONSENT = [
  { id: 0, name: "0 · None" },
  { id: 1, name: "1 · Consent" },
  { id: 2, name: "2 · Transactional" },
  { id: 3, name: "3 · Subscriptions" },
  { id: 4, name: "4 · Marketing" },
  { id: 5, name: "5 · Profiling" },
];
const NEW = {
  active: true,
  tracking_allowed: true,
  do_not_email: false,
  do_not_bulk_email: false,
  consent_level: 4,
  custom: {},
};

export function ContactCreate() {
  return (
    <CreateBase redirect="list">
      <PageHeader parent={PARENT} title="New contact" />
      <FormPage defaultValues={NEW} saveLabel="Create contact">
        <ContactFields />
      </FormPage>
    </CreateBase>
  );
}

export function ContactEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <ContactPage />
    </EditBase>
  );
}

function ContactPage() {
  const contact = useRecordContext<Contact & { id: number }>();
  if (!contact) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={contact.name || contact.email || "Contact without a name"}
        actions={
          <>
            <AskToConfirm contact={contact} />
            <QuickSend contactIds={[contact.id]} label="Send an email" />
          </>
        }
        subtitle={`Created ${formatDateTime(contact.created_at)}, changed ${formatDateTime(contact.updated_at)}`}
      />
      <FormPage deletable="contact">
        <ContactFields />
      </FormPage>
      <Timeline contactId={contact.id} />
    </>
  );
}

function ContactFields() {
  return (
    <>
      <Section title="Person">
        <Fields columns={3}>
          <TextInput source="first_name" label="First name" />
          <TextInput source="last_name" label="Last name" />
          <TextInput source="email" type="email" />
          <TextInput source="mobile_phone" label="Mobile phone" type="tel" />
          <ReferenceInput source="company_id" reference="companies" sort={{ field: "name", order: "ASC" }}>
            <AutocompleteInput label="Company" filterToQuery={(search) => ({ search })} />
          </ReferenceInput>
          <TextInput
            source="external_id"
            label="External id"
            helperText="The person's id in your other systems."
          />
        </Fields>
      </Section>
      <Section title="Address">
        <Fields columns={3}>
          <TextInput source="street" />
          <TextInput source="postal_code" label="Postal code" />
          <TextInput source="city" />
          <TextInput source="region" />
          <AutocompleteInput source="country" choices={COUNTRIES} emptyValue="" />
          <TextInput source="language" helperText="A language tag such as en or de-CH." />
          <TimeZoneInput source="time_zone" label="Time zone" optional />
        </Fields>
      </Section>
      <Section
        title="Permission to contact"
        description="Checked before every message; the reason is kept when one is not sent."
      >
        <Fields columns={3}>
          <SelectInput source="consent_level" label="Consent level" choices={CONSENT} />
          <BooleanInput source="do_not_email" label="Do not email" />
          <BooleanInput source="do_not_bulk_email" label="Do not bulk email" />
          <BooleanInput source="tracking_allowed" label="Tracking allowed" />
          <BooleanInput source="active" />
        </Fields>
      </Section>
      <CustomColumns entity="contact" />
    </>
  );
}
