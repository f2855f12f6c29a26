import { Globe } from "lucide-react";
import {
  BooleanInput,
  CreateBase,
  DataTable,
  FormDataConsumer,
  ReferenceInput,
  required,
  SelectInput,
  TextInput,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatRelative } from "@/shared/format";
import type { SendingDomain } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { RecordName } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";

export const PARENT = { label: "Sending domains", to: "/sending-domains" };
const NEW = { domain: "", bounce_domain: "", business_unit_id: null, with_ed25519: false, signs: true };

/** Whether the DNS has what a domain needs, as it was asked last. */
export function stateOf({ checked_at, is_confirmed }: Pick<SendingDomain, "checked_at" | "is_confirmed">) {
  if (!checked_at) return "not_verified";
  return is_confirmed ? "verified" : "records_missing";
}

/** The domains that mails may come from. */
export function SendingDomainList() {
  const mayAdminister = useMay("administer");
  return (
    <ResourceList
      title="Sending domains"
      noun="sending domain"
      icon={Globe}
      {...(mayAdminister ? { createLabel: "New domain" } : {})}
      emptySentence="Add the domain of your from addresses. Senet makes its keys and says what to publish in the DNS, so that mailboxes trust your mails."
      sort={{ field: "domain", order: "ASC" }}
    >
      <DataTable.Col source="domain" />
      <DataTable.Col
        label="State"
        disableSort
        render={(record) => <StatusChip status={stateOf(record as unknown as SendingDomain)} />}
      />
      <DataTable.Col
        source="signs"
        label="Signed by"
        disableSort
        render={(record) => (record.signs ? "Senet" : "The relay")}
      />
      <DataTable.Col
        source="bounce_domain"
        label="Return paths"
        disableSort
        render={(record) => record.bounce_domain || "The installation’s"}
      />
      <DataTable.Col
        source="business_unit_id"
        label="For"
        disableSort
        render={(record) => (
          <RecordName resource="business-units" id={record.business_unit_id} missing="Everybody" />
        )}
      />
      <DataTable.Col
        source="checked_at"
        label="Last verified"
        disableSort
        render={(record) => formatRelative(record.checked_at)}
      />
    </ResourceList>
  );
}

export function SendingDomainCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New sending domain" />
      <FormPage saveLabel="Add the domain" defaultValues={NEW}>
        <Section title="Domain" description="Its keys are made now; the records to publish come next.">
          <Fields>
            <TextInput
              source="domain"
              validate={required()}
              helperText="What stands behind the @ of your from addresses, such as shop.example.com."
            />
            <OwnerFields />
            <BooleanInput
              source="with_ed25519"
              label="Make a second, shorter key (Ed25519)"
              helperText="For receivers that know it; the others use the first one."
            />
          </Fields>
        </Section>
      </FormPage>
    </CreateBase>
  );
}

/** What can be changed of a domain after it was made. */
export function OwnerFields() {
  return (
    <>
      <FormDataConsumer>
        {({ formData }) => (
          <TextInput
            source="bounce_domain"
            label="Domain of the return paths"
            helperText={`Below the domain, such as bounces.${formData.domain || "shop.example.com"}. Nothing: the installation’s.`}
          />
        )}
      </FormDataConsumer>
      <ReferenceInput
        source="business_unit_id"
        reference="business-units"
        sort={{ field: "name", order: "ASC" }}
      >
        <SelectInput
          label="For the mails of"
          optionText="name"
          emptyText="Everybody"
          slotProps={{ select: { displayEmpty: true } }}
          helperText="Only emails of this unit may carry it."
        />
      </ReferenceInput>
      <BooleanInput
        source="signs"
        label="Senet signs the mails"
        helperText="Switch it off when your relay signs them."
      />
    </>
  );
}
