import { humanise } from "@/shared/format";
import type { Series } from "@/shared/LineChart";
import type { RehearsalReport, TileFlow, TileNumbers } from "@/shared/model";
import { type Definition, exitsOf } from "../definition";

/** One number a day. */
export interface DailyLine {
  name: string;
  colour: Series["colour"];
  values: readonly number[];
  dashed?: boolean;
}

const CYCLE: Series["colour"][] = ["lapis", "teal", "gold", "red", "violet", "sky", "olive", "rose", "slate"];

/** What happens at a tile day by day; what never happens there is left out. */
export function linesOfTile(flow: TileFlow): DailyLine[] {
  const { mail } = flow;
  const lines: DailyLine[] = [
    { name: "Arrived", colour: "lapis", values: flow.daily_arrived },
    ...(mail
      ? ([
          { name: "Would be sent", colour: "sky", values: mail.daily_queued },
          { name: "Blocked", colour: "slate", values: mail.daily_blocked },
          { name: "Opened", colour: "teal", values: mail.daily_opened },
          { name: "Clicked", colour: "gold", values: mail.daily_clicked },
        ] as DailyLine[])
      : ([{ name: "Went on", colour: "teal", values: flow.daily_processed }] as DailyLine[])),
    { name: "Waiting in the evening", colour: "violet", values: flow.daily_waiting },
    { name: "Stopped", colour: "red", values: flow.daily_stopped },
    { name: "Expired", colour: "olive", values: flow.daily_expired },
    { name: "Failed", colour: "rose", values: flow.daily_failed },
  ];
  return lines.filter((line, at) => at === 0 || line.values.some((value) => value > 0));
}

/** Who arrives at each tile day by day. Tiles of the same name get their numbers. */
export function linesOfTiles(tiles: readonly TileFlow[]): DailyLine[] {
  const names = tiles.map((flow) => flow.name);
  return tiles.map((flow, at) => ({
    name: names.filter((name) => name === flow.name).length > 1 ? `${flow.name} (${flow.tile})` : flow.name,
    colour: CYCLE[at % CYCLE.length] ?? "lapis",
    values: flow.daily_arrived,
    dashed: at >= CYCLE.length,
  }));
}

export function toSeries(lines: DailyLine[], days: readonly string[]): Series[] {
  return lines.map(({ name, colour, values, dashed = false }) => ({
    name,
    colour,
    dashed,
    points: days.map((day, at): [string, number] => [day, values[at] ?? 0]),
  }));
}

/** The report's numbers as they stand above the tiles of a drawing. */
export function asNumbers(report: RehearsalReport): Map<number, TileNumbers> {
  return new Map(
    report.tiles.map((flow) => [
      flow.tile,
      {
        tile: flow.tile,
        kind: flow.kind,
        name: flow.name,
        inflow: flow.arrived,
        total: flow.arrived,
        processing: flow.waiting,
        queued: 0,
        stopped: flow.stopped,
        expired: flow.expired,
        failed: flow.failed,
        processed: flow.processed,
        paths: flow.paths.map((path) => ({ branch: path.branch, label: path.label, count: path.people })),
        stopped_reasons: [],
        kpis: [],
      },
    ]),
  );
}

/** Whether a journey still has the tiles and ways that it had when it was rehearsed. */
export function isStillDrawnSo(report: RehearsalReport, definition: Definition): boolean {
  if (definition.tiles.length !== report.tiles.length) return false;
  return definition.tiles.every((tile) => {
    const flow = report.tiles.find((each) => each.tile === tile.id);
    return flow?.kind === tile.kind && flow.paths.length === exitsOf(tile).length;
  });
}

const ENDS: Record<string, string> = {
  finished: "Finished",
  waiting: "Still waiting",
  stopped: "Stopped",
  failed: "Failed",
};

export function nameEnd(state: string): string {
  return ENDS[state] ?? humanise(state);
}

/** How many end in a state. */
export function countEnds(report: RehearsalReport, state: string): number {
  return report.end_states.reduce((sum, end) => sum + (end.state === state ? end.people : 0), 0);
}

export function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
