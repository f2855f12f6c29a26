import { IconButton, Tooltip } from "@mui/material";
import { ChartNoAxesCombined, Mail } from "lucide-react";
import { DataTable } from "react-admin";
import { Link } from "react-router-dom";
import { formatDateTime, formatRelative, humanise } from "@/shared/format";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";
import { DESIGNATIONS } from "./choices";

const FILTERS = [
  {
    name: "status",
    label: "Status",
    choices: [
      { value: "draft", label: "Draft" },
      { value: "live", label: "Live" },
      { value: "live_editable", label: "Live, editable" },
      { value: "stopped", label: "Stopped" },
      { value: "expired", label: "Expired" },
    ],
  },
  {
    name: "legal_designation",
    label: "Designation",
    choices: DESIGNATIONS.map(({ id, name }) => ({ value: id, label: name })),
  },
  {
    name: "content_type",
    label: "Content type",
    choices: [
      { value: "default", label: "Marketing email" },
      { value: "confirmation_request", label: "Confirmation request" },
    ],
  },
];

export function EmailList() {
  return (
    <ResourceList
      title="Emails"
      noun="email"
      icon={Mail}
      createLabel="New email"
      emptySentence="Write the first one. It can greet everybody by name and show each reader what fits them."
      exportable
      filters={FILTERS}
      sort={{ field: "updated_at", order: "DESC" }}
      hiddenColumns={["content_type", "from_address", "language", "created_at"]}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="subject" />
      <DataTable.Col source="status" render={(record) => <StatusChip status={record.status} />} />
      <DataTable.Col
        source="legal_designation"
        label="Designation"
        disableSort
        render={(record) => humanise(record.legal_designation)}
      />
      <DataTable.Col
        source="content_type"
        label="Content type"
        disableSort
        render={(record) => humanise(record.content_type)}
      />
      <DataTable.Col source="from_address" label="From" disableSort />
      <DataTable.Col source="language" disableSort />
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
      <DataTable.Col
        label="Insights"
        disableSort
        render={(record) =>
          record.live_version_id !== null && (
            <Tooltip title="Insights">
              <IconButton
                component={Link}
                to={`/emails/${record.id}/insights`}
                size="small"
                aria-label={`Insights of ${record.name}`}
                onClick={(event: React.MouseEvent) => event.stopPropagation()}
              >
                <ChartNoAxesCombined size={17} aria-hidden />
              </IconButton>
            </Tooltip>
          )
        }
      />
    </ResourceList>
  );
}
