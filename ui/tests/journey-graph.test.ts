import { describe, expect, it } from "vitest";
import type { Definition } from "@/features/journeys/definition";
import { findAncestors, insertAfter, removeTile } from "@/features/journeys/editing";
import { arrange, findNeighbour, readingOrder, toGraph } from "@/features/journeys/graph";

const journey: Definition = {
  tiles: [
    { id: 1, kind: "audience", name: "Everybody", description: "", sources: [], merge: "union", next: 2 },
    {
      id: 2,
      kind: "email",
      name: "Welcome",
      description: "",
      email_id: 7,
      schedule: null,
      expires_at: null,
      automated_schedule: false,
      ab_test_id: null,
      bypass_deduplication: false,
      elements: [],
      next: 3,
    },
    {
      id: 3,
      kind: "if_then",
      based_on: "contact",
      name: "Opened?",
      description: "",
      rules: [
        {
          source: 2,
          condition: "opened",
          link: null,
          variant: "a",
          element_id: null,
          response: null,
          keyword: null,
        },
      ],
      logic: "or",
      timeout: { amount: 3, unit: "days" },
      yes: 4,
      no: 5,
    },
    {
      id: 4,
      kind: "wait_for",
      name: "",
      description: "",
      duration: { amount: 1, unit: "days" },
      restriction: null,
      next: null,
    },
    {
      id: 5,
      kind: "email",
      name: "Again",
      description: "",
      email_id: 8,
      schedule: null,
      expires_at: null,
      automated_schedule: false,
      ab_test_id: null,
      bypass_deduplication: false,
      elements: [],
      next: null,
    },
  ],
};

describe("drawing a journey", () => {
  it("draws an edge for every way and an end for every lane", () => {
    const graph = toGraph(journey);
    expect(graph.edges.map((edge) => edge.id)).toEqual(["1-0", "2-0", "3-0", "3-1", "4-0", "5-0"]);
    expect(graph.nodes.filter((node) => node.tile === null).map((node) => node.id)).toEqual([
      "end-4-0",
      "end-5-0",
    ]);
  });

  it("draws a way to a tile that is not there as an end", () => {
    const graph = toGraph({
      tiles: [
        {
          id: 1,
          kind: "email",
          name: "",
          description: "",
          email_id: null,
          schedule: null,
          expires_at: null,
          automated_schedule: false,
          ab_test_id: null,
          bypass_deduplication: false,
          elements: [],
          next: 9,
        },
      ],
    });
    expect(graph.edges[0]?.to).toBe("end-1-0");
  });

  it("puts followers below and the yes branch on the left", () => {
    const places = new Map(arrange(toGraph(journey), "down").nodes.map((node) => [node.id, node]));
    expect(places.get("2")?.y).toBeGreaterThan(places.get("1")?.y ?? Number.NaN);
    expect(places.get("4")?.x).toBeLessThan(places.get("5")?.x ?? Number.NaN);
  });

  it("moves between tiles by arrow keys", () => {
    const graph = arrange(toGraph(journey), "down");
    expect(findNeighbour(graph, 3, "ArrowDown", "down")).toBe(4);
    expect(findNeighbour(graph, 4, "ArrowRight", "down")).toBe(5);
    expect(findNeighbour(graph, 5, "ArrowUp", "down")).toBe(3);
    expect(findNeighbour(graph, 4, "ArrowDown", "down")).toBeNull();
  });

  it("reads tiles from the entrance on", () => {
    expect(readingOrder({ tiles: [...journey.tiles].reverse() })).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("editing a journey", () => {
  it("inserts a tile into one way and keeps what followed", () => {
    const changed = insertAfter(journey, 3, 1, {
      id: 6,
      kind: "wait_for",
      name: "",
      description: "",
      duration: { amount: 1, unit: "hours" },
      restriction: null,
      next: null,
    });
    expect(changed.tiles.find((tile) => tile.id === 3)).toMatchObject({ yes: 4, no: 6 });
    expect(changed.tiles.find((tile) => tile.id === 6)).toMatchObject({ next: 5 });
  });

  it("drops what an exit cuts off", () => {
    const changed = insertAfter(journey, 2, 0, { id: 6, kind: "exit", name: "", description: "" });
    expect(changed.tiles.map((tile) => tile.id)).toEqual([1, 2, 6]);
    expect(toGraph(changed).edges.map((edge) => edge.to)).toEqual(["2", "6"]);
  });

  it("moves the follower up when a tile goes", () => {
    const changed = removeTile(journey, 2);
    expect(changed.tiles.find((tile) => tile.id === 1)).toMatchObject({ next: 3 });
    expect(changed.tiles.find((tile) => tile.id === 3)).toMatchObject({ rules: [{ source: null }] });
  });

  it("takes along what only a removed branch led to", () => {
    expect(removeTile(journey, 3).tiles.map((tile) => tile.id)).toEqual([1, 2, 4]);
  });

  it("lists the tiles that lead to a tile", () => {
    expect(findAncestors(journey, 5).map((tile) => tile.id)).toEqual([1, 2, 3]);
  });
});
