import { Box, Button } from "@mui/material";
import { LifeBuoy, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { DataTable, useListContext } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatDateTime } from "@/shared/format";
import { call } from "@/shared/http";
import { RecordLink } from "@/shared/RecordName";
import { ResourceList } from "@/shared/ResourceList";
import { useAct } from "@/shared/useAct";

export function RecoveryList() {
  return (
    <ResourceList
      title="Recovery items"
      noun="recovery item"
      nouns="recovery items"
      icon={LifeBuoy}
      emptySentence="A workflow’s call that failed for good waits here until somebody recovers or deletes it."
      moreActions={<RecoverAll />}
      rowClick={false}
    >
      <DataTable.Col source="workflow_name" label="Workflow" disableSort />
      <DataTable.Col
        source="journey_id"
        label="Journey"
        disableSort
        render={(record) => (
          <RecordLink resource="journeys" page="/show" id={record.journey_id} missing="Deleted journey" />
        )}
      />
      <DataTable.Col
        source="contact_id"
        label="Person"
        disableSort
        render={(record) => (
          <RecordLink resource="contacts" id={record.contact_id} missing="Deleted contact" />
        )}
      />
      <DataTable.Col source="error" label="Why it failed" disableSort />
      <DataTable.Col
        source="failed_at"
        label="Failed"
        disableSort
        render={(record) => formatDateTime(record.failed_at)}
      />
      <DataTable.Col
        label="What to do"
        disableSort
        render={(record) => <Commands id={Number(record.id)} />}
      />
    </ResourceList>
  );
}

/** Try everything again at once, after a webhook's server is back. */
function RecoverAll() {
  const { total } = useListContext();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  async function recover() {
    await act(() => call("/recovery-items/recover", { method: "POST", body: {} }), "They are tried again.");
    setAsking(false);
  }
  if (!total) return null;
  return (
    <>
      <Button color="inherit" startIcon={<RotateCcw size={16} aria-hidden />} onClick={() => setAsking(true)}>
        Recover all
      </Button>
      <ConfirmDialog
        open={asking}
        title="Recover all?"
        confirmLabel="Recover all"
        busy={busy}
        onConfirm={recover}
        onClose={() => setAsking(false)}
      >
        Every call that failed for good is made again, whatever the list shows now.
      </ConfirmDialog>
    </>
  );
}

function Commands({ id }: { id: number }) {
  const { busy, act } = useAct();
  const [asking, setAsking] = useState(false);
  async function remove() {
    await act(() => call(`/recovery-items/${id}`, { method: "DELETE" }), "It is deleted.");
    setAsking(false);
  }
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
        onClick={() => setAsking(true)}
      >
        Delete
      </Button>
      <ConfirmDialog
        open={asking}
        title="Delete this recovery item?"
        confirmLabel="Delete it"
        danger
        busy={busy}
        onConfirm={remove}
        onClose={() => setAsking(false)}
      >
        The call is never made for this person.
      </ConfirmDialog>
    </Box>
  );
}
