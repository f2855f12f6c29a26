import { Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { formatNumber, humanise, NOTHING } from "@/shared/format";
import type { RehearsalReport } from "@/shared/model";
import { Section } from "@/shared/Section";
import { nameEnd } from "./flows";

interface Props {
  report: RehearsalReport;
  nameTile: (id: number) => string;
}

/** Where people are in the end, and why. */
export function EndTable({ report, nameTile }: Props) {
  const ends = report.end_states;
  return (
    <Section title="Where people are in the end" flush={ends.length > 0}>
      {ends.length === 0 ? (
        <Typography color="textSecondary">
          Nobody entered. Choose an audience that has members, and rehearse again.
        </Typography>
      ) : (
        <Table size="small" aria-label="Where people are in the end">
          <TableHead>
            <TableRow>
              <TableCell>State</TableCell>
              <TableCell>At the tile</TableCell>
              <TableCell>Why</TableCell>
              <TableCell align="right">People</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {ends.map((end) => (
              <TableRow key={`${end.state} ${end.tile} ${end.reason}`}>
                <TableCell component="th" scope="row">
                  {nameEnd(end.state)}
                </TableCell>
                <TableCell>{nameTile(end.tile)}</TableCell>
                <TableCell>{end.reason ? humanise(end.reason) : NOTHING}</TableCell>
                <TableCell align="right" sx={{ fontVariantNumeric: "tabular-nums" }}>
                  {formatNumber(end.people)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
