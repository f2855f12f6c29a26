import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  ToggleButton,
  ToggleButtonGroup,
  Typography,
} from "@mui/material";
import { useMemo, useState } from "react";
import { Chart } from "@/shared/Chart";
import { formatDate, formatDateTime, formatNumber } from "@/shared/format";
import type { Series } from "@/shared/LineChart";
import type { ResponsesAt } from "@/shared/model";
import { Section } from "@/shared/Section";

type Key = "delivered" | "opened" | "clicked" | "bounced" | "unsubscribed";

const LINES: { key: Key; name: string; colour: Series["colour"] }[] = [
  { key: "delivered", name: "Delivered", colour: "sky" },
  { key: "opened", name: "Opened", colour: "teal" },
  { key: "clicked", name: "Clicked", colour: "lapis" },
  { key: "bounced", name: "Bounced", colour: "red" },
  { key: "unsubscribed", name: "Unsubscribed", colour: "gold" },
];

/** The same numbers twice: drawn, and in words. */
export function ResponsesOverTime({ responses, by }: { responses: ResponsesAt[]; by: string }) {
  const [form, setForm] = useState<"chart" | "table">("chart");
  const series = useMemo(
    () =>
      LINES.map(({ key, name, colour }) => ({
        name,
        colour,
        points: responses.map((each): [string, number] => [each.at, each[key]]),
      })),
    [responses],
  );
  return (
    <Section
      title="Responses over time"
      description={by === "day" ? "By the day" : "By the hour"}
      actions={
        <ToggleButtonGroup
          size="small"
          exclusive
          value={form}
          onChange={(_, value: "chart" | "table" | null) => value && setForm(value)}
          aria-label="How to show the responses"
        >
          <ToggleButton value="chart">Chart</ToggleButton>
          <ToggleButton value="table">Table</ToggleButton>
        </ToggleButtonGroup>
      }
    >
      {responses.length === 0 && (
        <Typography color="textSecondary">Nothing has been sent in this period.</Typography>
      )}
      {responses.length > 0 && form === "chart" && (
        <Chart label="Line chart of responses over time. The table has the same numbers." series={series} />
      )}
      {responses.length > 0 && form === "table" && <ResponsesTable responses={responses} by={by} />}
    </Section>
  );
}

function ResponsesTable({ responses, by }: { responses: ResponsesAt[]; by: string }) {
  return (
    <Table size="small" aria-label="Responses over time">
      <TableHead>
        <TableRow>
          <TableCell>{by === "day" ? "Day" : "Hour"}</TableCell>
          {LINES.map((line) => (
            <TableCell key={line.key} align="right">
              {line.name}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {responses.map((each) => (
          <TableRow key={each.at}>
            <TableCell component="th" scope="row">
              {by === "day" ? formatDate(each.at) : formatDateTime(each.at)}
            </TableCell>
            {LINES.map((line) => (
              <TableCell key={line.key} align="right">
                {formatNumber(each[line.key])}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
