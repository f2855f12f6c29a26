import { Upload } from "lucide-react";
import { DataTable } from "react-admin";
import { formatDateTime } from "@/shared/format";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";

export function ImportList() {
  return (
    <ResourceList
      title="Imports"
      noun="import"
      icon={Upload}
      createLabel="Import contacts"
      emptySentence="Upload a CSV file of contacts. Rows that cannot be used come back to you with the reasons."
      searchLabel="Search by file name"
      rowClick="show"
    >
      <DataTable.Col source="filename" label="File" />
      <DataTable.Col source="status" render={(record) => <StatusChip status={record.status} />} />
      <DataTable.NumberCol source="total_rows" label="Rows" disableSort />
      <DataTable.NumberCol source="created" disableSort />
      <DataTable.NumberCol source="updated" disableSort />
      <DataTable.NumberCol source="rejected" disableSort />
      <DataTable.Col
        source="created_at"
        label="Started"
        render={(record) => formatDateTime(record.created_at)}
      />
    </ResourceList>
  );
}
