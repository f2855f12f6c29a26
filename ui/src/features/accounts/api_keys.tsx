import { Alert, Button, TextField } from "@mui/material";
import { Ban, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { DataTable } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatDate, formatRelative } from "@/shared/format";
import { call } from "@/shared/http";
import type { NewApiKey } from "@/shared/model";
import { ResourceList } from "@/shared/ResourceList";
import { useAct } from "@/shared/useAct";

export function ApiKeyList() {
  return (
    <ResourceList
      title="API keys"
      noun="API key"
      icon={KeyRound}
      emptySentence="Make a key for a program that works with Senet. It can do what you can do."
      moreActions={<MakeKey />}
      rowClick={false}
    >
      <DataTable.Col source="name" disableSort />
      <DataTable.Col
        source="prefix"
        label="Begins with"
        disableSort
        render={(record) => <code>{record.prefix}…</code>}
      />
      <DataTable.Col
        source="created_at"
        label="Made"
        disableSort
        render={(record) => formatDate(record.created_at)}
      />
      <DataTable.Col
        source="last_used_at"
        label="Last used"
        disableSort
        render={(record) => formatRelative(record.last_used_at)}
      />
      <DataTable.Col
        source="expires_at"
        label="Expires"
        disableSort
        render={(record) => formatDate(record.expires_at)}
      />
      <DataTable.Col
        label="State"
        disableSort
        render={(record) =>
          record.revoked_at ? (
            `Revoked ${formatDate(record.revoked_at)}`
          ) : (
            <Revoke id={Number(record.id)} name={record.name} />
          )
        }
      />
    </ResourceList>
  );
}

function MakeKey() {
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState("");
  const [made, setMade] = useState<NewApiKey | null>(null);
  const { busy, act } = useAct();
  async function make() {
    if (made) return close();
    const key = await act(() => call<NewApiKey>("/api-keys", { method: "POST", body: { name } }));
    if (key) setMade(key);
  }
  function close() {
    setAsking(false);
    setMade(null);
    setName("");
  }
  return (
    <>
      <Button variant="contained" startIcon={<Plus size={18} aria-hidden />} onClick={() => setAsking(true)}>
        New API key
      </Button>
      <ConfirmDialog
        open={asking}
        title={made ? "Your new key" : "New API key"}
        confirmLabel={made ? "I have kept it" : "Make the key"}
        busy={busy}
        onConfirm={make}
        onClose={close}
      >
        {made ? (
          <>
            <Alert severity="warning" sx={{ mb: 2 }}>
              This is the only time that the key is shown. Keep it where you keep passwords.
            </Alert>
            <TextField fullWidth label="Key" value={made.key} slotProps={{ input: { readOnly: true } }} />
          </>
        ) : (
          <TextField
            fullWidth
            autoFocus
            label="What is it for?"
            value={name}
            onChange={(event) => setName(event.target.value)}
            sx={{ mt: 0.5 }}
          />
        )}
      </ConfirmDialog>
    </>
  );
}

function Revoke({ id, name }: { id: number; name: string }) {
  const [asking, setAsking] = useState(false);
  const { busy, act } = useAct();
  async function revoke() {
    await act(() => call(`/api-keys/${id}`, { method: "DELETE" }), "The key is revoked.");
    setAsking(false);
  }
  return (
    <>
      <Button
        size="small"
        color="error"
        startIcon={<Ban size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        Revoke
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Revoke “${name}”?`}
        confirmLabel="Revoke the key"
        danger
        busy={busy}
        onConfirm={revoke}
        onClose={() => setAsking(false)}
      >
        Programs that use it are turned away from now on.
      </ConfirmDialog>
    </>
  );
}
