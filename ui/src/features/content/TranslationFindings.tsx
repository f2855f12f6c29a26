import { Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { formatNumber } from "@/shared/format";
import type { Translation } from "@/shared/model";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";

/** Piece by piece: what could not be translated first, then what was and deserves a look. */
export function TranslationFindings({ findings }: { findings: Translation["findings"] }) {
  if (findings.length === 0) return null;
  const ordered = [...findings].sort(
    (one, other) => Number(one.done) - Number(other.done) || one.line - other.line,
  );
  return (
    <Section title="Report" flush>
      <Table aria-label="Report of the translation">
        <TableHead>
          <TableRow>
            <TableCell align="right">Line</TableCell>
            <TableCell>State</TableCell>
            <TableCell>Text</TableCell>
            <TableCell>Why</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {ordered.map((finding, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity, and are replaced as a whole
            <TableRow key={number}>
              <TableCell align="right">{formatNumber(finding.line)}</TableCell>
              <TableCell>
                <StatusChip status={finding.done ? "have_a_look" : "not_translated"} />
              </TableCell>
              <TableCell sx={{ overflowWrap: "anywhere", minWidth: 140 }}>
                <code>{finding.text}</code>
              </TableCell>
              <TableCell sx={{ minWidth: 200 }}>{finding.why}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
