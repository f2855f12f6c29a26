import { UsersRound } from "lucide-react";
import { DataTable } from "react-admin";
import { formatNumber, formatRelative, humanise } from "@/shared/format";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";

const FILTERS = [
  {
    name: "status",
    label: "Status",
    choices: ["draft", "live", "stopped"].map((value) => ({ value, label: humanise(value) })),
  },
  {
    name: "kind",
    label: "Kind",
    choices: ["dynamic", "static"].map((value) => ({ value, label: humanise(value) })),
  },
];

export function SegmentList() {
  return (
    <ResourceList
      title="Segments"
      noun="segment"
      icon={UsersRound}
      createLabel="New segment"
      emptySentence="Describe a group of contacts by conditions. Senet keeps its members up to date by itself."
      exportable
      filters={FILTERS}
      sort={{ field: "updated_at", order: "DESC" }}
      hiddenColumns={["time_zone", "created_at"]}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="kind" render={(record) => humanise(record.kind)} disableSort />
      <DataTable.Col source="status" render={(record) => <StatusChip status={record.status} />} disableSort />
      <DataTable.NumberCol
        source="size"
        label="Members"
        render={(record) => formatNumber(record.size)}
        disableSort
      />
      <DataTable.Col
        source="evaluated_at"
        label="Evaluated"
        render={(record) => formatRelative(record.evaluated_at)}
        disableSort
      />
      <DataTable.Col source="time_zone" label="Time zone" disableSort />
      <DataTable.Col
        source="created_at"
        label="Created"
        render={(record) => formatRelative(record.created_at)}
      />
      <DataTable.Col
        source="updated_at"
        label="Changed"
        render={(record) => formatRelative(record.updated_at)}
      />
    </ResourceList>
  );
}
