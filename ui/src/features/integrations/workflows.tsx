import { Alert, Button, MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Webhook, Zap } from "lucide-react";
import { useState } from "react";
import {
  BooleanInput,
  DataTable,
  EditBase,
  FormDataConsumer,
  required,
  SelectInput,
  TextInput,
  useRecordContext,
} from "react-admin";
import { useNavigate } from "react-router-dom";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDate, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import { PageHeader } from "@/shared/PageHeader";
import { ResourceList } from "@/shared/ResourceList";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";

const PARENT = { label: "Workflows", to: "/workflows" };
const KINDS = [
  { id: "webhook", name: "Webhook: an address that is called" },
  { id: "action", name: "Action: a function of this installation" },
];

interface NewWorkflow {
  id: number;
  secret: string | null;
}

interface TestCall {
  ok?: boolean;
  status?: number | null;
  error?: string;
}

export function WorkflowList() {
  return (
    <ResourceList
      title="Workflows"
      noun="workflow"
      nouns="workflows"
      icon={Webhook}
      emptySentence="A workflow is an address that a journey calls for each person. Make one, then choose it at a “Run workflow” tile."
      moreActions={<MakeWorkflow />}
      sort={{ field: "name", order: "ASC" }}
    >
      <DataTable.Col source="name" />
      <DataTable.Col source="kind" disableSort render={(record) => humanise(record.kind)} />
      <DataTable.Col
        source="url"
        label="What it calls"
        disableSort
        render={(record) => record.url || record.action}
      />
      <DataTable.Col
        source="active"
        label="State"
        disableSort
        render={(record) => <StatusChip status={record.active ? "active" : "switched_off"} />}
      />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
    </ResourceList>
  );
}

/** A new webhook; its secret is shown this once. */
function MakeWorkflow() {
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [action, setAction] = useState("");
  const actions = useQuery({
    queryKey: ["workflow-actions"],
    queryFn: () => call<{ actions: string[] }>("/workflows/actions"),
    enabled: asking,
  });
  const known = actions.data?.actions ?? [];
  const [made, setMade] = useState<NewWorkflow | null>(null);
  const { busy, act } = useAct();
  const navigate = useNavigate();
  async function make() {
    if (made) {
      close();
      navigate(`/workflows/${made.id}`);
      return;
    }
    const body = action ? { name, action, kind: "action" } : { name, url, kind: "webhook" };
    const workflow = await act(() => call<NewWorkflow>("/workflows", { method: "POST", body }));
    if (workflow?.secret) setMade(workflow);
    else if (workflow) navigate(`/workflows/${workflow.id}`);
  }
  function close() {
    setAsking(false);
    setMade(null);
    setName("");
    setUrl("");
    setAction("");
  }
  return (
    <>
      <Button
        variant="contained"
        startIcon={<Webhook size={18} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        New workflow
      </Button>
      <ConfirmDialog
        open={asking}
        title={made ? "The workflow's secret" : "New workflow"}
        confirmLabel={made ? "I have kept it" : "Make the workflow"}
        busy={busy}
        disabled={!made && !(name.trim() && (action || url.trim()))}
        onConfirm={make}
        onClose={close}
      >
        {made ? (
          <Secret secret={made.secret} />
        ) : (
          <Fields>
            {known.length > 0 && (
              <TextField
                select
                label="What it calls"
                value={action}
                onChange={(event) => setAction(event.target.value)}
                slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
                sx={{ gridColumn: "1 / -1" }}
              >
                <MenuItem value="">An address of another system</MenuItem>
                {known.map((each) => (
                  <MenuItem key={each} value={each}>
                    The action “{each}” of this installation
                  </MenuItem>
                ))}
              </TextField>
            )}
            <TextField
              fullWidth
              autoFocus
              label="Name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              sx={{ mt: 0.5 }}
            />
            {action === "" && (
              <TextField
                fullWidth
                label="Address that is called"
                placeholder="https://"
                value={url}
                onChange={(event) => setUrl(event.target.value)}
              />
            )}
          </Fields>
        )}
      </ConfirmDialog>
    </>
  );
}

function Secret({ secret }: { secret: string | null }) {
  return (
    <>
      <Alert severity="warning" sx={{ mb: 2 }}>
        This is the only time that the secret is shown. The receiving side checks each call's signature with
        it.
      </Alert>
      <TextField fullWidth label="Secret" value={secret ?? ""} slotProps={{ input: { readOnly: true } }} />
    </>
  );
}

export function WorkflowEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <WorkflowTitle />
      <FormPage deletable="workflow">
        <Section title="Workflow">
          <Fields>
            <TextInput source="name" validate={required()} />
            <SelectInput source="kind" choices={KINDS} disabled />
            <FormDataConsumer>
              {({ formData }) =>
                formData.kind === "action" ? (
                  <TextInput source="action" validate={required()} />
                ) : (
                  <TextInput source="url" label="Address that is called" validate={required()} />
                )
              }
            </FormDataConsumer>
            <TextInput source="description" />
            <BooleanInput
              source="active"
              helperText="A workflow that is switched off holds its calls back."
            />
          </Fields>
        </Section>
      </FormPage>
    </EditBase>
  );
}

function WorkflowTitle() {
  const workflow = useRecordContext();
  return (
    <PageHeader
      parent={PARENT}
      title={workflow?.name ?? "Workflow"}
      actions={
        workflow && (
          <>
            <TestCallButton id={Number(workflow.id)} />
            {workflow.kind === "webhook" && <RotateSecret id={Number(workflow.id)} />}
          </>
        )
      }
    />
  );
}

function TestCallButton({ id }: { id: number }) {
  const { busy, act } = useAct();
  const [answer, setAnswer] = useState<TestCall | null>(null);
  async function test() {
    const made = await act(() => call<TestCall>(`/workflows/${id}/test`, { method: "POST", body: {} }));
    if (made) setAnswer(made);
  }
  return (
    <>
      <Button color="inherit" disabled={busy} startIcon={<Zap size={16} aria-hidden />} onClick={test}>
        Send a test call
      </Button>
      <ConfirmDialog
        open={answer !== null}
        title="The test call"
        confirmLabel="Close"
        onConfirm={() => setAnswer(null)}
        onClose={() => setAnswer(null)}
      >
        {answer?.error || `It was answered${answer?.status ? ` with status ${answer.status}` : ""}.`}
      </ConfirmDialog>
    </>
  );
}

function RotateSecret({ id }: { id: number }) {
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<NewWorkflow | null>(null);
  const { busy, act } = useAct();
  async function rotate() {
    if (made) return close();
    const fresh = await act(() => call<NewWorkflow>(`/workflows/${id}/rotate-secret`, { method: "POST" }));
    if (fresh) setMade(fresh);
  }
  function close() {
    setAsking(false);
    setMade(null);
  }
  return (
    <>
      <Button color="inherit" startIcon={<KeyRound size={16} aria-hidden />} onClick={() => setAsking(true)}>
        New secret
      </Button>
      <ConfirmDialog
        open={asking}
        title={made ? "The workflow's secret" : "Make a new secret?"}
        confirmLabel={made ? "I have kept it" : "Make a new secret"}
        busy={busy}
        onConfirm={rotate}
        onClose={close}
      >
        {made ? <Secret secret={made.secret} /> : "Calls are signed with the new one from then on."}
      </ConfirmDialog>
    </>
  );
}
