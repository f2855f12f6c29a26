import { Button } from "@mui/material";
import { MailCheck, Settings2, Undo2 } from "lucide-react";
import { DataTable } from "react-admin";
import { Link } from "react-router-dom";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import { useMay } from "@/shared/permissions";
import { RecordLink } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";

const FILTERS = [
  {
    name: "state",
    label: "State",
    choices: ["waiting", "confirmed", "expired", "withdrawn"].map((value) => ({
      value,
      label: humanise(value),
    })),
  },
  {
    name: "kind",
    label: "What",
    choices: [
      { value: "list", label: "Lists" },
      { value: "consent", label: "Consent" },
    ],
  },
];

/** What people have asked for, and whether they have confirmed it. */
export function ConfirmationRequestList() {
  return (
    <ResourceList
      title="What was asked for"
      noun="request"
      nouns="requests"
      icon={MailCheck}
      emptySentence="With double opt-in on, whoever joins a list or raises their consent is listed here until, and after, they confirm."
      filters={FILTERS}
      searchLabel="Search by address or list"
      moreActions={<SetUp />}
      rowClick={false}
      hiddenColumns={["asked_by", "mails"]}
    >
      <DataTable.Col
        source="contact_name"
        label="Person"
        disableSort
        render={(record) => <RecordLink resource="contacts" id={record.contact_id} />}
      />
      <DataTable.Col source="address" disableSort />
      <DataTable.Col
        source="object_name"
        label="What"
        disableSort
        render={(record) =>
          record.kind === "list"
            ? record.object_name
            : `Consent ${record.consent_level}: ${record.object_description}`
        }
      />
      <DataTable.Col source="state" disableSort render={(record) => <StatusChip status={record.state} />} />
      <DataTable.Col source="asked_at" label="Asked" render={(record) => formatDateTime(record.asked_at)} />
      <DataTable.Col
        source="expires_at"
        label="Valid until"
        render={(record) => formatDateTime(record.expires_at)}
      />
      <DataTable.Col
        source="answered_at"
        label="Answered"
        render={(record) => record.answered_at && formatDateTime(record.answered_at)}
      />
      <DataTable.Col
        source="asked_by"
        label="Where"
        disableSort
        render={(record) => humanise(record.asked_by)}
      />
      <DataTable.Col source="mails" disableSort />
      <DataTable.Col
        label="What to do"
        disableSort
        render={(record) => record.state === "waiting" && <TakeBack id={Number(record.id)} />}
      />
    </ResourceList>
  );
}

function SetUp() {
  return (
    <Button
      color="inherit"
      component={Link}
      to="/double-opt-in"
      startIcon={<Settings2 size={16} aria-hidden />}
    >
      Set up double opt-in
    </Button>
  );
}

function TakeBack({ id }: { id: number }) {
  const mayEdit = useMay("edit");
  const { busy, act } = useAct();
  if (!mayEdit) return null;
  return (
    <Button
      size="small"
      disabled={busy}
      startIcon={<Undo2 size={15} aria-hidden />}
      onClick={() =>
        act(
          () => call(`/confirmation-requests/${id}/withdraw`, { method: "POST", body: {} }),
          "Taken back: the link in the mail does nothing any more.",
        )
      }
    >
      Take back
    </Button>
  );
}
