import { Alert, Button, FormControlLabel, Switch, Typography } from "@mui/material";
import { KeyRound, SearchCheck } from "lucide-react";
import { useState } from "react";
import { EditBase, useRecordContext } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import { formatDateTime } from "@/shared/format";
import { call } from "@/shared/http";
import type { SendingDomain, SendingDomainDetail } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";
import { DnsRecords } from "./DnsRecords";
import { OwnerFields, PARENT, stateOf } from "./sending_domains";

type Found = SendingDomain & Partial<SendingDomainDetail> & { id: number }; // the list's row at first

/** A sending domain: what to publish for it, whether it is there, and its keys. */
export function SendingDomainEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false}>
      <DomainPage />
    </EditBase>
  );
}

function DomainPage() {
  const domain = useRecordContext<Found>();
  const mayAdminister = useMay("administer");
  if (!domain) return null;
  const providers = domain.providers ?? [];
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={domain.domain}
        status={<StatusChip status={stateOf(domain)} />}
        subtitle={
          domain.checked_at
            ? `Verified last ${formatDateTime(domain.checked_at)}`
            : "Publish the records, then verify them."
        }
        actions={
          <>
            {mayAdminister && <RotateButton id={domain.id} />}
            <VerifyButton id={domain.id} />
          </>
        }
      />
      {domain.trouble && (
        <Alert severity="error" sx={{ mb: 3 }}>
          {domain.trouble}
        </Alert>
      )}
      <DnsRecords records={domain.records ?? []} />
      <Section
        title="The way its mails take"
        description="A mail goes to the first of these providers that works."
      >
        <Typography variant="body2" component="ol" sx={{ m: 0, pl: 2.5 }}>
          {providers.map((name, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same server may stand there twice
            <li key={number}>{name}</li>
          ))}
        </Typography>
      </Section>
      <FormPage locked={!mayAdminister} deletable="sending domain">
        <Section title="Settings">
          <Fields>
            <OwnerFields />
          </Fields>
        </Section>
      </FormPage>
    </>
  );
}

function VerifyButton({ id }: { id: number }) {
  const mayEdit = useMay("edit");
  const { busy, act } = useAct();
  if (!mayEdit) return null;
  return (
    <Button
      variant="contained"
      loading={busy}
      startIcon={<SearchCheck size={17} aria-hidden />}
      onClick={() =>
        act(() => call(`/sending-domains/${id}/check`, { method: "POST" }), "The DNS was asked.")
      }
    >
      Verify now
    </Button>
  );
}

function RotateButton({ id }: { id: number }) {
  const [asking, setAsking] = useState(false);
  const [second, setSecond] = useState(false);
  const { busy, refusal, act } = useAct();
  async function rotate() {
    const body = { with_ed25519: second };
    const done = await act(
      () => call(`/sending-domains/${id}/rotate`, { method: "POST", body }),
      "The domain has new keys. Publish their records.",
    );
    if (done) setAsking(false);
  }
  return (
    <>
      <Button color="inherit" startIcon={<KeyRound size={16} aria-hidden />} onClick={() => setAsking(true)}>
        New keys
      </Button>
      <ConfirmDialog
        open={asking}
        title="Make new keys?"
        confirmLabel="Make new keys"
        danger
        busy={busy}
        refusal={refusal}
        onConfirm={rotate}
        onClose={() => setAsking(false)}
      >
        <Typography sx={{ mb: 1.5 }}>
          Mails are signed with the new keys at once, under new names. Receivers cannot check them until their
          records are published; leave the old records for a week, for mails that are still on their way.
        </Typography>
        <FormControlLabel
          control={<Switch checked={second} onChange={(event) => setSecond(event.target.checked)} />}
          label="With a second, shorter key (Ed25519)"
        />
      </ConfirmDialog>
    </>
  );
}
