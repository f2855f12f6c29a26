import { describe, expect, it } from "vitest";
import { checkResponses, makeKey, relabel } from "@/features/integrations/channels/responses";
import { linesOfTiles } from "@/features/journeys/rehearsals/flows";
import {
  asPercent,
  checkTyped,
  listSources,
  NEW_DRAFT,
  toOptions,
} from "@/features/journeys/rehearsals/options";
import type { Assumption, TileFlow } from "@/shared/model";

const delay = { median_hours: 5.9, spread: 2.26 };
const assumption: Assumption = {
  tile: 2,
  behaviour: {
    open_rate: 0.2271,
    click_rate: 0.0291,
    unsubscribe_rate: 0.0025,
    hard_bounce_rate: 0.004,
    soft_bounce_rate: 0.0061,
    block_bounce_rate: 0,
    open_delay: delay,
    click_delay: delay,
    link_weights: {},
  },
  sources: { open_rate: "literature: A", click_rate: "literature: A", open_delay: "history: 60 of B" },
};

describe("what a rehearsal is asked for", () => {
  it("is nothing but what differs from the defaults", () => {
    expect(toOptions(NEW_DRAFT, [assumption])).toEqual({ people: 100_000, seed: 1 });
  });

  it("takes per cent for rates and hours for delays, whose spread stays", () => {
    const typed = { 2: { open_rate: "40", click_rate: "2,5", open_delay: "3" } };
    const options = toOptions({ ...NEW_DRAFT, days: "30", typed }, [assumption]);
    expect(options).toEqual({
      days: 30,
      people: 100_000,
      seed: 1,
      tiles: { 2: { open_rate: 0.4, click_rate: 0.025, open_delay: { median_hours: 3, spread: 2.26 } } },
    });
  });

  it("refuses what is no rate", () => {
    expect(checkTyped("open_rate", "100.5")).toBeDefined();
    expect(checkTyped("open_rate", "often")).toBeDefined();
    expect(checkTyped("open_rate", "")).toBeUndefined();
    expect(checkTyped("open_delay", "100.5")).toBeUndefined();
  });

  it("shows rates with as many places as they are worth", () => {
    expect([0.2271, 0.0025, 1, 0].map(asPercent)).toEqual(["22.7", "0.25", "100", "0"]);
  });

  it("says each source once, with all that comes from it", () => {
    expect(listSources([assumption, { ...assumption, tile: 5 }])).toEqual([
      { source: "literature: A", values: ["open", "click"] },
      { source: "history: 60 of B", values: ["opens after"] },
    ]);
  });
});

describe("the flow by the day", () => {
  it("tells tiles of the same name apart", () => {
    const flow = (tile: number) => ({ tile, name: "Reminder", daily_arrived: [1, 2] }) as unknown as TileFlow;
    expect(linesOfTiles([flow(2), flow(5)]).map((line) => line.name)).toEqual([
      "Reminder (2)",
      "Reminder (5)",
    ]);
  });
});

describe("the responses of a channel", () => {
  const returned = { key: "came_back", label: "Came back", custom: false };

  it("have keys made of their names until somebody types another", () => {
    expect(makeKey("  Über 18? ")).toBe("uber_18");
    expect(relabel(returned, "Came home").key).toBe("came_home");
    expect(relabel({ ...returned, key: "x" }, "Came home").key).toBe("x");
  });

  it("are refused with a sentence when a partner could not tell them apart", () => {
    expect(checkResponses([returned])).toBeUndefined();
    expect(checkResponses([returned, returned])).toContain("came_back");
    expect(checkResponses([{ ...returned, label: " " }])).toContain("response 1");
    expect(checkResponses([{ ...returned, key: "Ä" }])).toContain("Came back");
    expect(
      checkResponses([
        { ...returned, custom: true },
        { ...returned, key: "b", custom: true },
      ]),
    ).toContain("keyword");
  });
});
