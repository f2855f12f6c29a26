import { Waypoints } from "lucide-react";
import { DataTable, type RaRecord } from "react-admin";
import { formatDateTime, formatRelative } from "@/shared/format";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";

const STATUSES = [
  { value: "draft", label: "Draft" },
  { value: "live", label: "Live" },
  { value: "live_editable", label: "Live, editable" },
  { value: "stopped", label: "Stopped" },
  { value: "error", label: "Error" },
  { value: "expired", label: "Expired" },
];

/** A draft opens in its form, everything else on its page of numbers. */
function openJourney(id: RaRecord["id"], _resource: string, record: RaRecord): string {
  return record.status === "draft" ? `/journeys/${id}` : `/journeys/${id}/show`;
}

export function JourneyList() {
  return (
    <ResourceList
      title="Journeys"
      noun="journey"
      icon={Waypoints}
      createLabel="New journey"
      emptySentence="Draw the first one: choose who enters, what they get and what happens when they respond."
      exportable
      filters={[{ name: "status", label: "Status", choices: STATUSES }]}
      sort={{ field: "updated_at", order: "DESC" }}
      hiddenColumns={["time_zone", "created_at"]}
      rowClick={openJourney}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="status" render={(record) => <StatusChip status={record.status} />} />
      <DataTable.Col source="start_at" label="Starts" render={(record) => formatDateTime(record.start_at)} />
      <DataTable.Col source="end_at" label="Ends" render={(record) => formatDateTime(record.end_at)} />
      <DataTable.Col source="time_zone" label="Time zone" disableSort />
      <DataTable.Col
        source="created_at"
        label="Created"
        render={(record) => formatDateTime(record.created_at)}
      />
      <DataTable.Col
        source="updated_at"
        label="Changed"
        render={(record) => formatRelative(record.updated_at)}
      />
    </ResourceList>
  );
}
