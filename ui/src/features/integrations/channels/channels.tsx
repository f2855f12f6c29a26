import { RadioTower } from "lucide-react";
import { CreateBase, DataTable, EditBase, type RaRecord, useNotify, useRecordContext } from "react-admin";
import { ApiError, sentenceOf } from "@/shared/errors";
import { FormPage } from "@/shared/FormPage";
import { formatDate } from "@/shared/format";
import { PageHeader } from "@/shared/PageHeader";
import { RecordLink } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { ChannelFields, useComplianceColumns } from "./ChannelFields";
import { PartnerGuide } from "./PartnerGuide";
import { ResponseTypes } from "./ResponseTypes";
import type { ResponseType } from "./responses";

const PARENT = { label: "Custom channels", to: "/channels" };
const NEW = { name: "", key: "", description: "", compliance_column: "", workflow_id: null, responses: [] };

function nameResponses(record: RaRecord): string {
  return (record.responses as ResponseType[]).map((each) => each.label).join(", ") || "None";
}

export function ChannelList() {
  const columns = useComplianceColumns();
  return (
    <ResourceList
      title="Custom channels"
      noun="custom channel"
      icon={RadioTower}
      createLabel="New channel"
      emptySentence="A channel is a way to reach people that a partner works: letters, calls, an app's inbox. Declare one, then choose it at a “Custom channel” tile."
      sort={{ field: "name", order: "ASC" }}
      hiddenColumns={["created_at"]}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="key" render={(record) => <code>{record.key}</code>} />
      <DataTable.Col source="responses" disableSort render={nameResponses} />
      <DataTable.Col
        source="compliance_column"
        label="Forbidden by"
        disableSort
        render={(record) =>
          record.compliance_column === ""
            ? "Nothing"
            : (columns.find((each) => each.id === record.compliance_column)?.name ?? record.compliance_column)
        }
      />
      <DataTable.Col
        source="workflow_id"
        label="Told by"
        disableSort
        render={(record) => (
          <RecordLink resource="workflows" id={record.workflow_id} missing="Partner asks" />
        )}
      />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
    </ResourceList>
  );
}

/** Say everything that the server found, not just that it found something. */
function useRefusal() {
  const notify = useNotify();
  return (error: unknown) => {
    const found = error instanceof ApiError ? error.problems.map((each) => each.message) : [];
    notify([sentenceOf(error), ...found].join(" "), { type: "error", autoHideDuration: 10_000 });
  };
}

export function ChannelCreate() {
  const onError = useRefusal();
  return (
    <CreateBase redirect="edit" mutationOptions={{ onError }}>
      <PageHeader parent={PARENT} title="New custom channel" />
      <FormPage saveLabel="Create channel" defaultValues={NEW}>
        <ChannelFields />
        <ResponseTypes />
      </FormPage>
    </CreateBase>
  );
}

export function ChannelEdit() {
  const onError = useRefusal();
  return (
    <EditBase mutationMode="pessimistic" redirect={false} mutationOptions={{ onError }}>
      <ChannelTitle />
      <FormPage deletable="custom channel" extra={<PartnerGuide />}>
        <ChannelFields made />
        <ResponseTypes />
      </FormPage>
    </EditBase>
  );
}

function ChannelTitle() {
  const channel = useRecordContext();
  return <PageHeader parent={PARENT} title={channel?.name ?? "Custom channel"} />;
}
