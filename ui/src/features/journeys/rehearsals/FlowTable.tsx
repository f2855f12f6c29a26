import { Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { formatCount, formatNumber } from "@/shared/format";
import type { RehearsalReport, TileFlow } from "@/shared/model";
import { Section } from "@/shared/Section";

const COLUMNS = [
  { key: "arrived", label: "Arrived" },
  { key: "waiting", label: "Still there" },
  { key: "processed", label: "Went on" },
  { key: "stopped", label: "Stopped" },
  { key: "expired", label: "Expired" },
  { key: "failed", label: "Failed" },
] as const;

/** Every tile with its totals, its paths, and what became of its messages. */
export function FlowTable({ report }: { report: RehearsalReport }) {
  return (
    <Section title="Tile by tile" description="Over the whole time." flush>
      <Table size="small" aria-label="Tile by tile">
        <TableHead>
          <TableRow>
            <TableCell>Tile</TableCell>
            {COLUMNS.map((column) => (
              <TableCell key={column.key} align="right">
                {column.label}
              </TableCell>
            ))}
            <TableCell>Paths and messages</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {report.tiles.map((flow) => (
            <TableRow key={flow.tile}>
              <TableCell component="th" scope="row">
                {flow.name}
              </TableCell>
              {COLUMNS.map((column) => (
                <TableCell key={column.key} align="right" sx={{ fontVariantNumeric: "tabular-nums" }}>
                  {formatNumber(flow[column.key])}
                </TableCell>
              ))}
              <TableCell sx={{ minWidth: 220 }}>{describeMore(flow)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}

function describeMore({ mail, paths }: TileFlow): string {
  if (mail) {
    return [
      formatCount(mail.queued, "message"),
      `${formatNumber(mail.delivered)} delivered`,
      `${formatNumber(mail.opened)} opened`,
      `${formatNumber(mail.clicked)} clicked`,
      mail.unsubscribed > 0 && `${formatNumber(mail.unsubscribed)} unsubscribed`,
      mail.blocked > 0 && `${formatNumber(mail.blocked)} blocked`,
    ]
      .filter(Boolean)
      .join(", ");
  }
  if (paths.length < 2) return "";
  return paths
    .map((path) => `${path.label || `Branch ${path.branch + 1}`}: ${formatNumber(path.people)}`)
    .join(", ");
}
