import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow, TextField } from "@mui/material";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { ShowBase, useRecordContext } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { Facts } from "@/shared/Facts";
import { formatCount, formatDateTime, humanise, NOTHING } from "@/shared/format";
import { call } from "@/shared/http";
import type { Suppression, SuppressionDetail } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";
import { describeEnd, stateOf } from "./suppressions";
import { CATEGORIES, CAUSES } from "./words";

type Change = SuppressionDetail["changes"][number];
type Found = Suppression & { id: number; changes?: Change[] };

const PARENT = { label: "Suppressed addresses", to: "/suppressions" };

/** One suppressed address: why, since when, until when, and everything that happened to it. */
export function SuppressionShow() {
  return (
    <ShowBase>
      <SuppressionPage />
    </ShowBase>
  );
}

function SuppressionPage() {
  const found = useRecordContext<Found>(); // the list's row, until the trail has come
  const mayAdminister = useMay("administer");
  if (!found) return null;
  const state = stateOf(found);
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={found.key}
        status={<StatusChip status={state} />}
        actions={mayAdminister && state === "suppressed" && <ReleaseButton found={found} />}
      />
      <Section title="Why it is not written to">
        <Facts
          facts={[
            ["Reason", CAUSES[found.cause] ?? found.cause],
            ["Category", CATEGORIES[found.category] || NOTHING],
            ["What was said", found.reason || NOTHING],
            ["Since", formatDateTime(found.since)],
            ["Until", describeEnd(found.until)],
            ["How often", formatCount(found.times, "time")],
          ]}
        />
      </Section>
      <Section title="Trail" description="Everything that happened to it, the oldest first." flush>
        <Trail changes={found.changes ?? []} />
      </Section>
    </>
  );
}

function Trail({ changes }: { changes: Change[] }) {
  return (
    <Table aria-label="Trail">
      <TableHead>
        <TableRow>
          <TableCell>When</TableCell>
          <TableCell>What</TableCell>
          <TableCell>Reason</TableCell>
          <TableCell>Until</TableCell>
          <TableCell>By whom</TableCell>
          <TableCell>Note</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {changes.map((change) => (
          <TableRow key={`${change.at} ${change.change}`}>
            <TableCell sx={{ whiteSpace: "nowrap" }}>{formatDateTime(change.at)}</TableCell>
            <TableCell>{humanise(change.change)}</TableCell>
            <TableCell>{CAUSES[change.cause] ?? change.cause}</TableCell>
            <TableCell>{change.change === "released" ? NOTHING : describeEnd(change.until)}</TableCell>
            <TableCell>{change.user_name || "Senet"}</TableCell>
            <TableCell sx={{ overflowWrap: "anywhere", minWidth: 160 }}>{change.note || NOTHING}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function ReleaseButton({ found }: { found: Found }) {
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState("");
  const { busy, refusal, act } = useAct();
  async function release() {
    const done = await act(
      () => call(`/suppressions/${found.id}/release`, { method: "POST", body: { note } }),
      `${found.key} is written to again.`,
    );
    if (done) setAsking(false);
  }
  return (
    <>
      <Button
        variant="contained"
        startIcon={<MailCheck size={18} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        Release
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Write to ${found.key} again?`}
        confirmLabel="Release"
        busy={busy}
        refusal={refusal}
        disabled={note.trim() === ""}
        onConfirm={release}
        onClose={() => setAsking(false)}
      >
        <Box component="p" sx={{ mt: 0 }}>
          {found.cause === "complaint"
            ? "Its owner called a mail spam. Release it only when they have asked for mails themselves."
            : "It gets mails again from now on; the next bounce suppresses it anew."}
        </Box>
        <TextField
          fullWidth
          autoFocus
          required
          multiline
          label="Why"
          value={note}
          onChange={(event) => setNote(event.target.value)}
          helperText="It stays in the trail with your name."
        />
      </ConfirmDialog>
    </>
  );
}
