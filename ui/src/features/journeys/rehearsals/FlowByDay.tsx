import {
  Box,
  MenuItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  ToggleButton,
  ToggleButtonGroup,
} from "@mui/material";
import { useMemo, useState } from "react";
import { Chart } from "@/shared/Chart";
import { formatDay, formatNumber } from "@/shared/format";
import type { RehearsalReport } from "@/shared/model";
import { Section } from "@/shared/Section";
import type { TileId } from "../definition";
import { type DailyLine, linesOfTile, linesOfTiles, toSeries } from "./flows";

interface Props {
  report: RehearsalReport;
  /** The tile whose days are shown; nothing: who arrives at each of them. */
  selected: TileId | null;
  onSelect: (id: TileId | null) => void;
}

/** The expected flow day by day, of one tile or of all: the same numbers drawn and as a table. */
export function FlowByDay({ report, selected, onSelect }: Props) {
  const [form, setForm] = useState<"chart" | "table">("chart");
  const flow = report.tiles.find((each) => each.tile === selected);
  const lines = useMemo(() => (flow ? linesOfTile(flow) : linesOfTiles(report.tiles)), [flow, report.tiles]);
  const series = useMemo(() => toSeries(lines, report.days), [lines, report.days]);
  const subject = flow ? `“${flow.name}”` : "every tile";
  return (
    <Section
      title="Day by day"
      description={`${flow ? "What happens there" : "How many people arrive"}, by the days of ${report.time_zone.replaceAll("_", " ")}.`}
      actions={
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
          <TextField
            select
            hiddenLabel
            value={flow ? String(flow.tile) : ""}
            onChange={(event) => onSelect(event.target.value ? Number(event.target.value) : null)}
            slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { "aria-label": "Tile" } } }}
            sx={{ minWidth: 190 }}
          >
            <MenuItem value="">All tiles: arrivals</MenuItem>
            {report.tiles.map((each) => (
              <MenuItem key={each.tile} value={String(each.tile)}>
                {each.name}
              </MenuItem>
            ))}
          </TextField>
          <ToggleButtonGroup
            size="small"
            exclusive
            value={form}
            onChange={(_, value: "chart" | "table" | null) => value && setForm(value)}
            aria-label="How to show the days"
          >
            <ToggleButton value="chart">Chart</ToggleButton>
            <ToggleButton value="table">Table</ToggleButton>
          </ToggleButtonGroup>
        </Box>
      }
    >
      {form === "chart" ? (
        <Chart
          byDay
          height={320}
          label={`Line chart of ${subject}, day by day. The table has the same numbers.`}
          series={series}
        />
      ) : (
        <DayTable label={`Day by day: ${subject}`} lines={lines} days={report.days} />
      )}
    </Section>
  );
}

function DayTable({ label, lines, days }: { label: string; lines: DailyLine[]; days: readonly string[] }) {
  return (
    <Box tabIndex={0} role="region" aria-label={label} sx={{ maxHeight: 460, overflow: "auto" }}>
      <Table stickyHeader size="small" aria-label={label}>
        <TableHead>
          <TableRow>
            <TableCell>Day</TableCell>
            {lines.map((line) => (
              <TableCell key={line.name} align="right">
                {line.name}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {days.map((day, at) => (
            <TableRow key={day}>
              <TableCell component="th" scope="row" sx={{ whiteSpace: "nowrap" }}>
                {formatDay(day)}
              </TableCell>
              {lines.map((line) => (
                <TableCell key={line.name} align="right" sx={{ fontVariantNumeric: "tabular-nums" }}>
                  {formatNumber(line.values[at] ?? 0)}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
