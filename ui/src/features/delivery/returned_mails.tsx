import { Link as MuiLink } from "@mui/material";
import { Undo2 } from "lucide-react";
import { type MouseEvent, useState } from "react";
import { DataTable } from "react-admin";
import { formatDateTime } from "@/shared/format";
import type { ReturnedMail } from "@/shared/model";
import { RecordLink } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { ReturnedMailDialog } from "./ReturnedMailDialog";
import { CATEGORIES, CLASSES, choicesOf, KINDS } from "./words";

const FILTERS = [
  { name: "kind", label: "Kind", choices: choicesOf(KINDS) },
  { name: "category", label: "Category", choices: choicesOf(CATEGORIES) },
  {
    name: "counted",
    label: "Counted",
    choices: [
      { value: "true", label: "Counted" },
      { value: "false", label: "Changed nothing" },
    ],
  },
];

/** The mails that came back, and what each was taken for. Whatever they say is a stranger's, and shown as text. */
export function ReturnedMailList() {
  const [shown, setShown] = useState<ReturnedMail | null>(null);
  return (
    <>
      <ResourceList
        title="Returned mails"
        noun="returned mail"
        icon={Undo2}
        emptySentence="Nothing came back yet. Give your sending domains a domain for return paths, and let its mails reach Senet."
        searchLabel="Search in the reasons"
        filters={FILTERS}
        hiddenColumns={["source", "email_id"]}
        rowClick={(_id, _resource, record) => {
          setShown(record as unknown as ReturnedMail);
          return false;
        }}
        sort={{ field: "received_at", order: "DESC" }}
      >
        <DataTable.Col
          source="received_at"
          label="When"
          render={(record) => (
            <MuiLink
              component="button"
              type="button"
              color="inherit"
              underline="hover"
              aria-label={`Details of what came back ${formatDateTime(record.received_at)}`}
              onClick={(event: MouseEvent) => {
                event.stopPropagation();
                setShown(record as unknown as ReturnedMail);
              }}
              sx={{ font: "inherit" }}
            >
              {formatDateTime(record.received_at)}
            </MuiLink>
          )}
        />
        <DataTable.Col
          source="kind"
          label="What it is"
          disableSort
          render={(record) => CLASSES[record.bounce_class] ?? KINDS[record.kind] ?? record.kind}
        />
        <DataTable.Col
          source="category"
          disableSort
          render={(record) => CATEGORIES[record.category] ?? record.category}
        />
        <DataTable.Col
          source="address"
          label="Sent to"
          disableSort
          render={(record) => record.address || "Unknown"}
        />
        <DataTable.Col
          source="email_id"
          label="Email"
          disableSort
          render={(record) => <RecordLink resource="emails" id={record.email_id} missing="Unknown" />}
        />
        <DataTable.Col source="reason" label="What it says" disableSort />
        <DataTable.Col source="source" label="Came by" disableSort />
      </ResourceList>
      {shown && <ReturnedMailDialog mail={shown} onClose={() => setShown(null)} />}
    </>
  );
}
