import { Box, Button, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Pencil, Replace, Trash2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { AbTest, Email } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";
import { AbResultsTable } from "./AbResultsTable";
import { AbTestDialog } from "./AbTestDialog";

export function useAbTests(emailId: number | null) {
  return useQuery({
    queryKey: ["ab-tests", emailId],
    queryFn: ({ signal }) => call<AbTest[]>(`/emails/${emailId}/ab-tests`, { signal }),
    enabled: emailId !== null,
  });
}

/** The tests of an email against a second version of it; one at a time is new. */
export function AbTestsPanel({ email }: { email: Email }) {
  const tests = useAbTests(email.id);
  const mayEdit = useMay("edit");
  const [making, setMaking] = useState(false);
  const found = tests.data ?? [];
  const canMake = mayEdit && tests.data !== undefined && found.every((test) => test.status === "finished");
  return (
    <Section
      title="A/B tests"
      description="A part of an audience gets this version or a second one; the others get whichever does better."
      actions={
        canMake && (
          <Button startIcon={<FlaskConical size={16} aria-hidden />} onClick={() => setMaking(true)}>
            New A/B test
          </Button>
        )
      }
    >
      {found.length === 0 && (
        <Typography variant="body2" color="textSecondary">
          No test yet.
        </Typography>
      )}
      {found.map((test) => (
        <AbTestRow key={test.id} test={test} email={email} />
      ))}
      <AbTestDialog email={email} open={making} onClose={() => setMaking(false)} />
    </Section>
  );
}

const METRICS: Record<AbTest["metric"], string> = { clicks: "clicks", opens: "opens" };

function AbTestRow({ test, email }: { test: AbTest; email: Email }) {
  const [asking, setAsking] = useState<"edit" | "delete" | "replace" | null>(null);
  const mayEdit = useMay("edit");
  const { busy, act } = useAct();
  const close = () => setAsking(null);
  async function run(work: () => Promise<unknown>, done: string) {
    await act(work, done);
    close();
  }
  return (
    <Box component="article" aria-label={`A/B test ${test.name}`} sx={{ "& + &": { mt: 2.5 } }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1.5 }}>
        <Typography variant="subtitle1" component="h3">
          {test.name}
        </Typography>
        <StatusChip status={test.status} />
        <Box sx={{ flex: 1 }} />
        {mayEdit && test.status === "draft" && (
          <>
            <Button
              size="small"
              startIcon={<Pencil size={16} aria-hidden />}
              onClick={() => setAsking("edit")}
            >
              Edit test
            </Button>
            <Button
              size="small"
              color="error"
              startIcon={<Trash2 size={16} aria-hidden />}
              onClick={() => setAsking("delete")}
            >
              Delete test
            </Button>
          </>
        )}
        {mayEdit && test.status === "finished" && test.replaced_at === null && (
          <Button
            size="small"
            startIcon={<Replace size={16} aria-hidden />}
            onClick={() => setAsking("replace")}
          >
            Replace with version B
          </Button>
        )}
      </Box>
      <Typography variant="body2" color="textSecondary">
        {describe(test)}
      </Typography>
      {test.started_at !== null && <AbResultsTable test={test} />}
      <AbTestDialog email={email} test={test} open={asking === "edit"} onClose={close} />
      <ConfirmDialog
        open={asking === "delete"}
        title={`Delete “${test.name}”?`}
        confirmLabel="Delete the test"
        danger
        busy={busy}
        onConfirm={() =>
          run(() => call(`/ab-tests/${test.id}`, { method: "DELETE" }), "The test is deleted.")
        }
        onClose={close}
      >
        Version B goes with it.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "replace"}
        title="Replace the email with version B?"
        confirmLabel="Replace it"
        danger
        busy={busy}
        onConfirm={() =>
          run(
            () => call(`/ab-tests/${test.id}/replace`, { method: "POST" }),
            "The email says what version B said.",
          )
        }
        onClose={close}
      >
        What version A says is lost. Journeys send the new text once the email goes live again.
      </ConfirmDialog>
    </Box>
  );
}

const KINDS: Record<AbTest["kind"], string> = {
  header: "Subject and sender",
  body: "Body",
  whole: "Subject, sender and body",
};

function describe(test: AbTest): string {
  const plan = `${KINDS[test.kind]}, ${test.percent} % of the audience, by ${METRICS[test.metric]}`;
  if (test.status === "in_progress") return `${plan}. Decided on ${formatDateTime(test.ends_at)}.`;
  if (test.status !== "finished") return `${plan}.`;
  if (test.conclusive) return `${plan}. Version ${test.winner?.toUpperCase()} won.`;
  const others = test.winner === "random" ? "either version by lot" : `version ${test.winner?.toUpperCase()}`;
  return `${plan}. ${humanise("inconclusive")}: the others got ${others}.`;
}
