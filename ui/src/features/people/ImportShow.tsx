import { Alert, Box, Button, LinearProgress, Typography } from "@mui/material";
import { Download, RotateCw, Users } from "lucide-react";
import { ShowBase, useRecordContext } from "react-admin";
import { Link } from "react-router-dom";
import { formatCount, formatDateTime, formatNumber } from "@/shared/format";
import { API, call } from "@/shared/http";
import type { ImportRun } from "@/shared/model";
import { NumberCard } from "@/shared/NumberCard";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";
import { Steps } from "./ImportWizard";

const MOVING = new Set(["waiting", "running"]);

export function ImportShow() {
  return (
    <ShowBase
      queryOptions={{
        refetchInterval: (query) => (MOVING.has(query.state.data?.status ?? "waiting") ? 700 : false),
      }}
    >
      <ImportPage />
    </ShowBase>
  );
}

function ImportPage() {
  const run = useRecordContext<ImportRun & { id: number }>();
  const { busy, act } = useAct();
  if (!run) return null;
  const isMoving = MOVING.has(run.status);
  const resume = () =>
    act(() => call(`/imports/${run.id}/resume`, { method: "POST" }), "The import goes on.");
  return (
    <>
      <PageHeader
        parent={{ label: "Imports", to: "/imports" }}
        title={run.filename}
        status={<StatusChip status={run.status} />}
        subtitle={`Started ${formatDateTime(run.created_at)}`}
      />
      <Steps active={isMoving ? 2 : 3} />
      {run.error && (
        <Alert severity="error" sx={{ mb: 3 }}>
          {run.error}
        </Alert>
      )}
      {run.warnings.map((warning) => (
        <Alert key={warning} severity="warning" sx={{ mb: 3 }}>
          {warning}
        </Alert>
      ))}
      {isMoving && <Progress run={run} />}
      <Box
        sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fit, minmax(170px, 1fr))", mb: 3 }}
      >
        <NumberCard label="Created" value={run.created} />
        <NumberCard label="Updated" value={run.updated} />
        <NumberCard label="Unchanged" value={run.unchanged} />
        <NumberCard label="Rejected" value={run.rejected} />
      </Box>
      <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap" }}>
        {run.status === "interrupted" && (
          <Button
            variant="contained"
            startIcon={<RotateCw size={16} aria-hidden />}
            loading={busy}
            onClick={resume}
          >
            Go on with the import
          </Button>
        )}
        {run.status === "done" && (
          <Button
            component={Link}
            to="/contacts"
            variant="contained"
            startIcon={<Users size={16} aria-hidden />}
          >
            See the contacts
          </Button>
        )}
        {run.rejected > 0 && (
          <Button
            component="a"
            href={`${API}/imports/${run.id}/rejected.csv`}
            download
            variant="outlined"
            startIcon={<Download size={16} aria-hidden />}
          >
            Download {formatCount(run.rejected, "rejected row")}
          </Button>
        )}
      </Box>
    </>
  );
}

function Progress({ run }: { run: ImportRun }) {
  const total = run.total_rows ?? 0;
  const part = total ? Math.round((run.processed / total) * 100) : 0;
  return (
    <Section>
      <LinearProgress
        variant={total ? "determinate" : "indeterminate"}
        value={part}
        aria-label="Progress of the import"
        sx={{ mb: 1.5 }}
      />
      <Typography variant="body2" color="textSecondary" role="status">
        {total
          ? `${formatNumber(run.processed)} of ${formatCount(total, "row")} (${part} %)`
          : "Waiting for a worker to begin."}
      </Typography>
    </Section>
  );
}
