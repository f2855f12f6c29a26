import { Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useGetOne } from "react-admin";
import { Link, useParams } from "react-router-dom";
import { formatDateTime, formatNumber, formatRatio } from "@/shared/format";
import { call } from "@/shared/http";
import type { Journey, RehearsalRow } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { RehearsalForm } from "./RehearsalForm";

const COMING = new Set(["waiting", "running"]);

/** A journey's rehearsals: start one, and read the earlier ones. */
export function RehearsalsPage() {
  const id = Number(useParams().id);
  const mayEdit = useMay("edit");
  const { data: journey } = useGetOne<Journey & { id: number }>("journeys", { id });
  if (!journey) return null;
  return (
    <>
      <PageHeader
        parent={{ label: journey.name || "Journey without a name", to: `/journeys/${id}/show` }}
        title="Rehearsals"
        subtitle="See what would happen before anybody gets anything."
      />
      {mayEdit && <RehearsalForm journey={journey} />}
      <Earlier journeyId={id} mayEdit={mayEdit} />
    </>
  );
}

function Earlier({ journeyId, mayEdit }: { journeyId: number; mayEdit: boolean }) {
  const { data } = useQuery({
    queryKey: ["rehearsals", journeyId],
    queryFn: () =>
      call<{ items: RehearsalRow[] }>(`/journeys/${journeyId}/rehearsals`, { query: { limit: 50 } }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((each) => COMING.has(each.status)) ? 1000 : 10_000,
  });
  if (!data) return null;
  return (
    <Section
      title="Earlier rehearsals"
      description={data.items.length ? "The last twenty are kept." : undefined}
      flush={data.items.length > 0}
    >
      {data.items.length === 0 ? (
        <Typography color="textSecondary">
          {mayEdit
            ? "None yet. Start one above: for 100,000 people and 60 days it takes less than a minute."
            : "None yet. Whoever may edit the journey can start one."}
        </Typography>
      ) : (
        <Table size="small" aria-label="Earlier rehearsals">
          <TableHead>
            <TableRow>
              <TableCell>Asked for</TableCell>
              <TableCell>State</TableCell>
              <TableCell align="right">Done</TableCell>
              <TableCell align="right">People, at most</TableCell>
              <TableCell align="right">Days</TableCell>
              <TableCell align="right">Lot</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.items.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}

function Row({ row }: { row: RehearsalRow }) {
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <Link to={`/journeys/${row.journey_id}/rehearsals/${row.id}`} style={{ color: "inherit" }}>
          {formatDateTime(row.created_at)}
        </Link>
      </TableCell>
      <TableCell>
        <StatusChip status={row.status} />
      </TableCell>
      <TableCell align="right">{formatRatio(row.progress)}</TableCell>
      <TableCell align="right">{formatNumber(row.options.people ?? 100_000)}</TableCell>
      <TableCell align="right">{row.options.days ? formatNumber(row.options.days) : "to its end"}</TableCell>
      <TableCell align="right">{row.options.seed ?? 1}</TableCell>
    </TableRow>
  );
}
