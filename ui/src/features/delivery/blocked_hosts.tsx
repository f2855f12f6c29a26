import { Button, TextField } from "@mui/material";
import { Link2Off, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { DataTable } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatDate } from "@/shared/format";
import { call } from "@/shared/http";
import { useMay } from "@/shared/permissions";
import { ResourceList } from "@/shared/ResourceList";
import { useAct } from "@/shared/useAct";

/** The hosts that no mail may lead to. */
export function BlockedHostList() {
  const mayAdminister = useMay("administer");
  return (
    <ResourceList
      title="Blocked links"
      noun="blocked host"
      icon={Link2Off}
      emptySentence="Mails may lead anywhere. Block a host, and no mail with a link to it, or to anything below it, is sent."
      searchLabel="Search by host"
      moreActions={mayAdminister && <BlockButton />}
      rowClick={false}
      sort={{ field: "host", order: "ASC" }}
    >
      <DataTable.Col source="host" />
      <DataTable.Col source="note" disableSort />
      <DataTable.Col
        source="created_at"
        label="Since"
        disableSort
        render={(record) => formatDate(record.created_at)}
      />
      {mayAdminister && (
        <DataTable.Col
          label="What to do"
          disableSort
          render={(record) => <AllowButton id={Number(record.id)} host={record.host} />}
        />
      )}
    </ResourceList>
  );
}

function BlockButton() {
  const [asking, setAsking] = useState(false);
  const [host, setHost] = useState("");
  const [note, setNote] = useState("");
  const { busy, refusal, act } = useAct();
  async function block() {
    const made = await act(
      () => call<{ host: string }>("/blocked-hosts", { method: "POST", body: { host, note } }),
      "Mails that lead there are not sent any more.",
    );
    if (made) close();
  }
  function close() {
    setAsking(false);
    setHost("");
    setNote("");
  }
  return (
    <>
      <Button variant="contained" startIcon={<Plus size={18} aria-hidden />} onClick={() => setAsking(true)}>
        Block a host
      </Button>
      <ConfirmDialog
        open={asking}
        title="Block a host"
        confirmLabel="Block"
        busy={busy}
        refusal={refusal}
        disabled={host.trim() === ""}
        onConfirm={block}
        onClose={close}
      >
        <TextField
          fullWidth
          autoFocus
          label="Host"
          placeholder="shop.example"
          value={host}
          onChange={(event) => setHost(event.target.value)}
          helperText="Everything below it is blocked as well."
          sx={{ mt: 0.5, mb: 1 }}
        />
        <TextField
          fullWidth
          multiline
          label="Why"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </ConfirmDialog>
    </>
  );
}

function AllowButton({ id, host }: { id: number; host: string }) {
  const [asking, setAsking] = useState(false);
  const { busy, refusal, act } = useAct();
  async function allow() {
    await act(() => call(`/blocked-hosts/${id}`, { method: "DELETE" }), `Mails may lead to ${host} again.`);
    setAsking(false);
  }
  return (
    <>
      <Button
        size="small"
        color="error"
        startIcon={<Trash2 size={15} aria-hidden />}
        aria-label={`Allow ${host}`}
        onClick={() => setAsking(true)}
      >
        Allow
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Allow links to ${host}?`}
        confirmLabel="Allow"
        danger
        busy={busy}
        refusal={refusal}
        onConfirm={allow}
        onClose={() => setAsking(false)}
      >
        Mails that lead there are sent again. Messages that were blocked for it stay blocked.
      </ConfirmDialog>
    </>
  );
}
