import { Button } from "@mui/material";
import { CircleStop, Rocket, Settings2 } from "lucide-react";
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
import { formatRelative } from "@/shared/format";
import { call } from "@/shared/http";
import type { ContentSettings } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";
import { YesNo } from "@/shared/YesNo";

const PARENT = { label: "Content settings", to: "/content-settings" };

export function ContentSettingsList() {
  return (
    <ResourceList
      title="Content settings"
      noun="record"
      nouns="content settings"
      icon={Settings2}
      createLabel="New content settings"
      emptySentence="Say once which postal address and which subscription centre the mails of a journey carry."
      sort={{ field: "name", order: "ASC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="status" render={(record) => <StatusChip status={record.status} />} disableSort />
      <DataTable.Col source="address_main" label="Address" disableSort />
      <DataTable.Col
        source="is_default"
        label="Default"
        disableSort
        render={(record) => <YesNo value={record.is_default} />}
      />
      <DataTable.Col
        source="updated_at"
        label="Changed"
        render={(record) => formatRelative(record.updated_at)}
      />
    </ResourceList>
  );
}

export function ContentSettingsCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New content settings" />
      <FormPage
        saveLabel="Create content settings"
        defaultValues={{ name: "", address_main: "", is_default: false }}
      >
        <SettingsFields />
      </FormPage>
    </CreateBase>
  );
}

export function ContentSettingsEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <SettingsPage />
    </EditBase>
  );
}

function SettingsPage() {
  const settings = useRecordContext<ContentSettings & { id: number }>();
  if (!settings) return null;
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={settings.name}
        status={<StatusChip status={settings.status} />}
        actions={<SettingsCommands settings={settings} />}
      />
      <FormPage {...(settings.status === "live" ? {} : { deletable: "record" })}>
        <SettingsFields />
      </FormPage>
    </>
  );
}

function SettingsCommands({ settings }: { settings: ContentSettings }) {
  const mayGoLive = useMay("go_live");
  const { busy, act } = useAct();
  const post = (command: string) => call(`/content-settings/${settings.id}/${command}`, { method: "POST" });
  if (!mayGoLive) return null;
  if (settings.status === "live") {
    return (
      <Button
        variant="outlined"
        color="error"
        disabled={busy}
        startIcon={<CircleStop size={16} aria-hidden />}
        onClick={() => act(() => post("stop"), "Stopped. Journeys that use it wait at their emails.")}
      >
        Stop
      </Button>
    );
  }
  return (
    <Button
      variant="contained"
      disabled={busy}
      startIcon={<Rocket size={16} aria-hidden />}
      onClick={() => act(() => post("go-live"), "The content settings are live.")}
    >
      Go live
    </Button>
  );
}

function SettingsFields() {
  return (
    <Section
      title="What every mail carries"
      description="Read when a mail is sent: a change reaches all that are not sent yet."
    >
      <Fields>
        <TextInput source="name" validate={required()} />
        <TextInput
          source="subscription_center"
          label="Subscription centre"
          helperText="Empty: Senet's own."
        />
        <TextInput source="address_main" label="Postal address" />
        <TextInput source="address_line_2" label="Second line" />
        <BooleanInput source="is_default" label="Chosen for new journeys" />
      </Fields>
    </Section>
  );
}
