import { Box, Table, TableBody, TableCell, TableRow, Typography } from "@mui/material";
import { formatNumber, formatRatio } from "@/shared/format";
import { InfoTip } from "@/shared/InfoTip";
import type { EmailOverview, KpiValue } from "@/shared/model";
import { Section } from "@/shared/Section";

const RESULTS: [key: string, colour: string][] = [
  ["delivered", "success.main"],
  ["awaiting", "info.main"],
  ["hard_bounces", "error.main"],
  ["soft_bounces", "warning.main"],
  ["block_bounces", "primary.main"],
  ["blocked", "text.disabled"],
  ["sending_failed", "error.dark"],
];

/** What became of every message that was aimed at somebody. */
export function SendResults({ kpis }: { kpis: KpiValue[] }) {
  const rows = RESULTS.flatMap(([key, colour]) => {
    const kpi = kpis.find((each) => each.key === key);
    return kpi ? [{ ...kpi, colour, count: kpi.value ?? 0 }] : [];
  });
  const sum = rows.reduce((total, row) => total + row.count, 0);
  return (
    <Section title="Send results" flush>
      <Box
        sx={{ display: "flex", gap: "2px", height: 10, mx: 2.5, mb: 1, borderRadius: 9, overflow: "hidden" }}
        aria-hidden
      >
        {rows.map(
          (row) =>
            row.count > 0 && <Box key={row.key} sx={{ flex: row.count, minWidth: 3, bgcolor: row.colour }} />,
        )}
        {sum === 0 && <Box sx={{ flex: 1, bgcolor: "action.selected" }} />}
      </Box>
      <Table size="small" aria-label="Send results">
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.key}>
              <TableCell component="th" scope="row">
                <Box
                  component="span"
                  sx={{
                    display: "inline-block",
                    width: 9,
                    height: 9,
                    borderRadius: 9,
                    mr: 1.25,
                    bgcolor: row.colour,
                  }}
                />
                {row.name} <InfoTip label={row.name} text={row.description} />
              </TableCell>
              <TableCell align="right">{formatNumber(row.count)}</TableCell>
              <TableCell align="right" sx={{ width: 90, color: "text.secondary" }}>
                {formatRatio(sum ? row.count / sum : null)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}

/** Why messages were not even attempted. */
export function BlockedReasons({ blocked }: { blocked: EmailOverview["blocked"] }) {
  return (
    <Section title="Why messages were blocked" flush>
      {blocked.length === 0 ? (
        <Typography color="textSecondary" sx={{ px: 2.5, pb: 2.5 }}>
          No message was blocked.
        </Typography>
      ) : (
        <Table size="small" aria-label="Blocked messages by reason">
          <TableBody>
            {blocked.map((each) => (
              <TableRow key={each.reason}>
                <TableCell component="th" scope="row">
                  {each.label}
                </TableCell>
                <TableCell align="right">{formatNumber(each.count)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
