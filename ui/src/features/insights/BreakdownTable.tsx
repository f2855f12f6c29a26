import { Table, TableBody, TableCell, TableHead, TableRow, Typography } from "@mui/material";
import { nameCountry } from "@/shared/countries";
import { formatNumber } from "@/shared/format";
import type { Breakdown } from "@/shared/model";
import { Section } from "@/shared/Section";

interface Props {
  title: string;
  noun: string;
  rows: Breakdown[];
  /** The names are country codes, known of responses only: what was sent has none. */
  countries?: boolean;
}

const ALL: { key: Exclude<keyof Breakdown, "name">; label: string }[] = [
  { key: "sent", label: "Sent" },
  { key: "delivered", label: "Delivered" },
  { key: "bounced", label: "Bounced" },
  { key: "blocked", label: "Blocked" },
  { key: "opened", label: "Opened" },
  { key: "clicked", label: "Clicked" },
];

export function BreakdownTable({ title, noun, rows, countries = false }: Props) {
  const columns = countries ? ALL.slice(4) : ALL;
  const shown = countries ? rows.filter((row) => row.opened + row.clicked > 0) : rows;
  return (
    <Section title={title} flush>
      {shown.length === 0 ? (
        <Typography color="textSecondary" sx={{ px: 2.5, pb: 2.5 }}>
          Nothing yet.
        </Typography>
      ) : (
        <Table size="small" aria-label={title}>
          <TableHead>
            <TableRow>
              <TableCell>{noun}</TableCell>
              {columns.map((column) => (
                <TableCell key={column.key} align="right">
                  {column.label}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {shown.map((row) => (
              <TableRow key={row.name}>
                <TableCell component="th" scope="row">
                  {(countries ? nameCountry(row.name) : row.name) || "Unknown"}
                </TableCell>
                {columns.map((column) => (
                  <TableCell key={column.key} align="right">
                    {formatNumber(row[column.key])}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
