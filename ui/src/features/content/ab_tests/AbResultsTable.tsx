import { Alert, Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "@/shared/errors";
import { formatNumber, formatRatio } from "@/shared/format";
import { call } from "@/shared/http";
import type { AbResults, AbTest } from "@/shared/model";

type Version = AbResults["a"];

const REFRESH_MS = 5000;
const ROWS: { label: string; value: (version: Version) => string }[] = [
  { label: "Sent in the test", value: (version) => formatNumber(version.tested_sent) },
  {
    label: "Opened in the test",
    value: (version) => withShare(version.tested_opens, version.tested_sent),
  },
  {
    label: "Clicked in the test",
    value: (version) => withShare(version.tested_clicks, version.tested_sent),
  },
  { label: "Sent in all", value: (version) => formatNumber(version.sent) },
  { label: "Delivered", value: (version) => formatNumber(version.delivered) },
  { label: "Opened", value: (version) => withShare(version.unique_opens, version.delivered) },
  { label: "Clicked", value: (version) => withShare(version.unique_clicks, version.delivered) },
  { label: "Unsubscribed", value: (version) => withShare(version.unsubscribed, version.delivered) },
];

function withShare(part: number, whole: number): string {
  return whole > 0 ? `${formatNumber(part)} (${formatRatio(part / whole)})` : formatNumber(part);
}

/** Both versions side by side; by the rows of the test the winner is decided, robots left out. */
export function AbResultsTable({ test }: { test: AbTest }) {
  const results = useQuery({
    queryKey: ["ab-results", test.id],
    queryFn: ({ signal }) => call<AbResults>(`/insights/ab-tests/${test.id}`, { signal }),
    refetchInterval: REFRESH_MS,
    retry: false,
  });
  if (results.error) return <Alert severity="error">{sentenceOf(results.error)}</Alert>;
  if (!results.data) return null;
  const { a, b } = results.data;
  return (
    <Box sx={{ overflowX: "auto", mt: 1 }}>
      <Table size="small" aria-label={`Results of ${test.name}`}>
        <TableHead>
          <TableRow>
            <TableCell />
            <TableCell align="right">Version A{test.winner === "a" && " · goes to the others"}</TableCell>
            <TableCell align="right">Version B{test.winner === "b" && " · goes to the others"}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {ROWS.map((row) => (
            <TableRow key={row.label}>
              <TableCell component="th" scope="row">
                {row.label}
              </TableCell>
              <TableCell align="right">{row.value(a)}</TableCell>
              <TableCell align="right">{row.value(b)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {test.confidence !== null && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          Decided on {formatNumber(test.a_hits)} of {formatNumber(test.a_sent)} against{" "}
          {formatNumber(test.b_hits)} of {formatNumber(test.b_sent)}: the versions differ with{" "}
          {formatRatio(test.confidence)} confidence.
        </Typography>
      )}
    </Box>
  );
}
