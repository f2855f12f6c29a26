import { Box, Paper } from "@mui/material";
import type { Query } from "@tanstack/react-query";
import { useState } from "react";
import { type RaRecord, ShowBase, useRecordContext, useStore } from "react-admin";
import { Freshness } from "@/shared/Freshness";
import { formatDateTime } from "@/shared/format";
import type { Journey } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ALWAYS, PeriodFilter } from "@/shared/PeriodFilter";
import { StatusChip } from "@/shared/StatusChip";
import { CanvasOptions, type View } from "./CanvasOptions";
import { findTile, readDefinition, type TileId } from "./definition";
import type { Direction } from "./graph";
import { JourneyCommands } from "./JourneyCommands";
import { LazyCanvas } from "./LazyCanvas";
import { MilestonesPanel } from "./MilestonesPanel";
import { byTile, useTileNumbers } from "./numbers";
import { PersonFinder } from "./PersonFinder";
import { NumbersLegend } from "./TileNumbers";
import { TilePanel } from "./TilePanel";
import { TileTable } from "./TileTable";
import { VersionsPanel } from "./VersionsPanel";

const MOVING = new Set(["going_live", "stopping"]);

/** Ask again soon while the journey is on its way to another state. */
function findPause(query: Query<RaRecord>): number {
  return MOVING.has(query.state.data?.status ?? "") ? 1000 : 5000;
}

/** The page of a journey: its graph with the numbers of this second above each tile. */
export function JourneyShow() {
  return (
    <ShowBase queryOptions={{ refetchInterval: findPause }}>
      <JourneyPage />
    </ShowBase>
  );
}

function JourneyPage() {
  const journey = useRecordContext<Journey & { id: number }>();
  if (!journey) return null;
  return (
    <>
      <PageHeader
        parent={{ label: "Journeys", to: "/journeys" }}
        title={journey.name || "Journey without a name"}
        status={<StatusChip status={journey.status} />}
        subtitle={describeSpan(journey)}
        actions={<JourneyCommands journey={journey} />}
      />
      <LiveGraph journey={journey} />
    </>
  );
}

function describeSpan(journey: Journey): string {
  const start = journey.start_at ? `Starts ${formatDateTime(journey.start_at)}` : "No start yet";
  return journey.end_at
    ? `${start}, ends ${formatDateTime(journey.end_at)}`
    : `${start}, runs until it is stopped`;
}

const RUNNING = new Set(["live", "live_editable", "going_live", "stopping"]);

function LiveGraph({ journey }: { journey: Journey }) {
  const [selected, setSelected] = useState<TileId | null>(null);
  const [period, setPeriod] = useState(ALWAYS);
  const [direction, setDirection] = useStore<Direction>("journeys.direction", "down");
  const [view, setView] = useStore<View>("journeys.view", "drawing");
  const isRunning = RUNNING.has(journey.status);
  const answer = useTileNumbers(journey.id, period, isRunning);
  const numbers = byTile(answer.data);
  const definition = readDefinition(journey.definition);
  const tile = findTile(definition, selected);
  return (
    <>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center", mb: 2 }}>
        <PeriodFilter onChange={setPeriod} />
        <Freshness asOf={answer.data?.as_of} isLive={isRunning} error={answer.error} />
        <Box sx={{ flex: 1 }} />
        <NumbersLegend />
        <CanvasOptions direction={direction} onDirection={setDirection} view={view} onView={setView} />
      </Box>
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "1fr", lg: "minmax(0, 1fr) 340px" },
          alignItems: "stretch",
        }}
      >
        <Paper
          variant="outlined"
          sx={{ height: { xs: 520, lg: "calc(100vh - 216px)" }, minHeight: 460, overflow: "auto" }}
        >
          {view === "table" ? (
            <TileTable definition={definition} numbers={numbers} selected={selected} onSelect={setSelected} />
          ) : (
            <LazyCanvas
              definition={definition}
              direction={direction}
              numbers={numbers}
              selected={selected}
              onSelect={setSelected}
            />
          )}
        </Paper>
        <Paper
          variant="outlined"
          component="aside"
          aria-label={tile ? "Numbers of the tile" : "Milestones"}
          sx={{ maxHeight: { lg: "calc(100vh - 216px)" }, overflowY: "auto" }}
        >
          {tile ? (
            <TilePanel
              journeyId={journey.id}
              tile={tile}
              numbers={numbers.get(tile.id)}
              period={period}
              onClose={() => setSelected(null)}
            />
          ) : (
            <>
              <MilestonesPanel journeyId={journey.id} />
              {journey.live_version !== null && <PersonFinder journeyId={journey.id} />}
              <VersionsPanel journey={journey} />
            </>
          )}
        </Paper>
      </Box>
    </>
  );
}
