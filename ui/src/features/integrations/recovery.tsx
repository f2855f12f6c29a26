import { Box, Button } from "@mui/material";
import { LifeBuoy, RotateCcw, Trash2 } from "lucide-react";
import { DataTable } from "react-admin";
import { formatDate } from "@/shared/format";
import { call } from "@/shared/http";
import { RecordName } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { useAct } from "@/shared/useAct";

export function RecoveryList() {
  return (
    <ResourceList
      title="Recovery items"
      noun="recovery item"
      nouns="recovery items"
      icon={LifeBuoy}
      emptySentence="Calls of workflows that failed for good appear here. There are none."
      rowClick={false}
    >
      <DataTable.Col source="workflow_name" label="Workflow" disableSort />
      <DataTable.Col
        source="journey_id"
        label="Journey"
        disableSort
        render={(record) => (
          <RecordName resource="journeys" id={record.journey_id} missing="Deleted journey" />
        )}
      />
      <DataTable.Col
        source="contact_id"
        label="Person"
        disableSort
        render={(record) => (
          <RecordName resource="contacts" id={record.contact_id} missing="Deleted contact" />
        )}
      />
      <DataTable.Col source="error" label="Why it failed" disableSort />
      <DataTable.Col
        source="failed_at"
        label="Failed"
        disableSort
        render={(record) => formatDate(record.failed_at)}
      />
      <DataTable.Col
        label="What to do"
        disableSort
        render={(record) => <Commands id={Number(record.id)} />}
      />
    </ResourceList>
  );
}

function Commands({ id }: { id: number }) {
  const { busy, act } = useAct();
  return (
    <Box sx={{ display: "flex", gap: 0.5 }}>
      <Button
        size="small"
        disabled={busy}
        startIcon={<RotateCcw size={15} aria-hidden />}
        onClick={() =>
          act(() => call(`/recovery-items/${id}/recover`, { method: "POST" }), "It is tried again.")
        }
      >
        Recover
      </Button>
      <Button
        size="small"
        color="error"
        disabled={busy}
        startIcon={<Trash2 size={15} aria-hidden />}
        onClick={() => act(() => call(`/recovery-items/${id}`, { method: "DELETE" }), "It is deleted.")}
      >
        Delete
      </Button>
    </Box>
  );
}
