import { Alert, Box, Paper, Typography } from "@mui/material";
import { useState } from "react";
import { useStore } from "react-admin";
import { formatCount, formatDateTime, formatNumber } from "@/shared/format";
import type { Journey, RehearsalReport } from "@/shared/model";
import { NumberCard } from "@/shared/NumberCard";
import { Section } from "@/shared/Section";
import { readDefinition, type TileId } from "../definition";
import type { Direction } from "../graph";
import { LazyCanvas } from "../LazyCanvas";
import { NumbersLegend } from "../TileNumbers";
import { AssumptionTable } from "./AssumptionTable";
import { EndTable } from "./EndTable";
import { FlowByDay } from "./FlowByDay";
import { FlowTable } from "./FlowTable";
import { add, asNumbers, countEnds, isStillDrawnSo } from "./flows";

/** What a rehearsal found: the flow on the drawing, by the day, in words, and what it rests on. */
export function Report({ report, journey }: { report: RehearsalReport; journey: Journey }) {
  const [selected, setSelected] = useState<TileId | null>(null);
  const nameTile = (id: number) => report.tiles.find((flow) => flow.tile === id)?.name ?? `Tile ${id}`;
  return (
    <>
      <Alert severity="success" sx={{ mb: 3 }}>
        <b>Nothing was sent.</b> {formatCount(report.entered, "person", "people")} of an audience of{" "}
        {formatNumber(report.audience)} went through the journey on a virtual clock, from{" "}
        {formatDateTime(report.start_at)} to {formatDateTime(report.until)}. No message left, and nothing live
        was changed.
      </Alert>
      {report.ended_early && (
        <Alert severity="warning" sx={{ mb: 3 }}>
          {report.ended_early}
        </Alert>
      )}
      <Totals report={report} />
      <Drawing report={report} journey={journey} selected={selected} onSelect={setSelected} />
      <FlowByDay report={report} selected={selected} onSelect={setSelected} />
      <FlowTable report={report} />
      <EndTable report={report} nameTile={nameTile} />
      <Section
        title="What was assumed"
        description="Rates of the readers of each email, and where they come from."
      >
        {report.assumptions.length ? (
          <AssumptionTable assumptions={report.assumptions} nameTile={nameTile} />
        ) : (
          <Typography color="textSecondary">Nothing: the journey sends no emails.</Typography>
        )}
        <Box component="ul" aria-label="Remarks" sx={{ m: 0, mt: 2, pl: 2.5, fontSize: 13 }}>
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </Box>
      </Section>
    </>
  );
}

function Totals({ report }: { report: RehearsalReport }) {
  const blocked = Object.values(report.daily_blocked).reduce((sum, days) => sum + add(days), 0);
  const numbers = [
    { label: "In the audience", value: report.audience },
    { label: "Entered", value: report.entered },
    { label: "Would be sent", value: add(report.daily_queued) },
    { label: "Blocked", value: blocked },
    { label: "Finished", value: countEnds(report, "finished") },
    { label: "Still waiting", value: countEnds(report, "waiting") },
    { label: "Stopped", value: countEnds(report, "stopped") },
  ];
  return (
    <Box
      sx={{
        display: "grid",
        gap: 2,
        mb: 3,
        gridTemplateColumns: "repeat(auto-fit, minmax(130px, 1fr))",
        "& > *": { height: "100%" },
      }}
    >
      {numbers.map((number) => (
        <NumberCard key={number.label} {...number} />
      ))}
    </Box>
  );
}

interface DrawingProps {
  report: RehearsalReport;
  journey: Journey;
  selected: TileId | null;
  onSelect: (id: TileId | null) => void;
}

function Drawing({ report, journey, selected, onSelect }: DrawingProps) {
  const [direction] = useStore<Direction>("journeys.direction", "down");
  const definition = readDefinition(journey.definition);
  if (!isStillDrawnSo(report, definition)) {
    return (
      <Alert severity="info" sx={{ mb: 3 }}>
        The journey has other tiles now than when it was rehearsed, so the numbers are not shown on its
        drawing.
      </Alert>
    );
  }
  return (
    <Section
      title="On the drawing"
      description="How many people would come to each tile. Choose one to see its days below."
      actions={<NumbersLegend />}
      flush
    >
      <Paper elevation={0} sx={{ height: 440, borderTop: 1, borderColor: "divider", borderRadius: 0 }}>
        <LazyCanvas
          definition={definition}
          direction={direction}
          numbers={asNumbers(report)}
          selected={selected}
          onSelect={onSelect}
        />
      </Paper>
    </Section>
  );
}
