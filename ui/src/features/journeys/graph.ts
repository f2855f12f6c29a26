import { graphlib, layout } from "@dagrejs/dagre";
import { type Definition, exitsOf, type TileId } from "./definition";
import { findRoots } from "./editing";

export type Direction = "down" | "right";

export const TILE_WIDTH = 224;
export const TILE_HEIGHT = 92;
export const NUMBERS_HEIGHT = 26;
export const END_SIZE = 14;

export interface GraphNode {
  id: string;
  /** Null: a mark where a lane ends. */
  tile: TileId | null;
  x: number;
  y: number;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  tile: TileId;
  branch: number;
  label: string;
  /** Where it runs, around what lies between, once it is arranged. */
  route?: { x: number; y: number }[];
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** The tiles as nodes in reading order, their ways as edges; each way that leads nowhere gets an end mark. */
export function toGraph(definition: Definition): Graph {
  const known = new Set(definition.tiles.map((tile) => tile.id));
  const nodes: GraphNode[] = definition.tiles.map((tile) => ({
    id: `${tile.id}`,
    tile: tile.id,
    x: 0,
    y: 0,
  }));
  const edges: GraphEdge[] = [];
  for (const tile of definition.tiles) {
    for (const exit of exitsOf(tile)) {
      const leads = exit.next !== null && known.has(exit.next);
      const to = leads ? `${exit.next}` : `end-${tile.id}-${exit.branch}`;
      if (!leads) nodes.push({ id: to, tile: null, x: 0, y: 0 });
      const id = `${tile.id}-${exit.branch}`;
      edges.push({ id, from: `${tile.id}`, to, tile: tile.id, branch: exit.branch, label: exit.label });
    }
  }
  return { nodes, edges };
}

/** How large things are on a drawing, and how far apart. */
export interface Sizes {
  width: number;
  height: number;
  end: number;
  /** Between neighbours of a rank, and between ranks. */
  beside: number;
  between: number;
}

const CANVAS = { width: TILE_WIDTH, height: TILE_HEIGHT, end: END_SIZE, beside: 44 };

/** Give every node its place: ranks one after the other, branches in their order. */
export function arrange(graph: Graph, direction: Direction, sizes?: Sizes): Graph {
  const { width, height, end, beside, between } = sizes ?? {
    ...CANVAS,
    between: direction === "down" ? 46 : 84,
  };
  const drawing = new graphlib.Graph();
  drawing.setGraph({
    rankdir: direction === "down" ? "TB" : "LR",
    nodesep: beside,
    ranksep: between,
  });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) {
    drawing.setNode(node.id, node.tile === null ? { width: end, height: end } : { width, height });
  }
  for (const edge of graph.edges) drawing.setEdge(edge.from, edge.to);
  layout(drawing, { constraints: findOrder(graph) });
  const nodes = graph.nodes.map((node) => {
    const placed = drawing.node(node.id) as { x: number; y: number; width: number; height: number };
    return { ...node, x: placed.x - placed.width / 2, y: placed.y - placed.height / 2 };
  });
  const edges = graph.edges.map((edge) => ({ ...edge, route: drawing.edge(edge.from, edge.to).points }));
  return { nodes, edges };
}

function findOrder(graph: Graph): { left: string; right: string }[] {
  const pairs: { left: string; right: string }[] = [];
  graph.edges.forEach((edge, at) => {
    const following = graph.edges[at + 1];
    if (following?.from === edge.from && following.to !== edge.to)
      pairs.push({ left: edge.to, right: following.to });
  });
  return pairs;
}

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** The tile that an arrow key leads to: along the ways first, else the nearest in that direction. */
export function findNeighbour(graph: Graph, from: TileId, arrow: Arrow, direction: Direction): TileId | null {
  const forward = direction === "down" ? "ArrowDown" : "ArrowRight";
  const backward = direction === "down" ? "ArrowUp" : "ArrowLeft";
  const isTile = (id: string) => graph.nodes.some((node) => node.id === id && node.tile !== null);
  if (arrow === forward) {
    const way = graph.edges.find((edge) => edge.from === `${from}` && isTile(edge.to));
    return way ? Number(way.to) : null;
  }
  if (arrow === backward) {
    const way = graph.edges.find((edge) => edge.to === `${from}`);
    return way ? way.tile : null;
  }
  return findNearest(graph, from, arrow);
}

function findNearest(graph: Graph, from: TileId, arrow: Arrow): TileId | null {
  const here = graph.nodes.find((node) => node.tile === from);
  if (!here) return null;
  const axis = arrow === "ArrowLeft" || arrow === "ArrowRight" ? "x" : "y";
  const other = axis === "x" ? "y" : "x";
  const sign = arrow === "ArrowRight" || arrow === "ArrowDown" ? 1 : -1;
  let best: { tile: TileId; cost: number } | null = null;
  for (const node of graph.nodes) {
    if (node.tile === null || node.tile === from) continue;
    const ahead = (node[axis] - here[axis]) * sign;
    if (ahead <= 1) continue;
    const cost = ahead + 3 * Math.abs(node[other] - here[other]);
    if (!best || cost < best.cost) best = { tile: node.tile, cost };
  }
  return best?.tile ?? null;
}

/** Tiles from the entrance on, each after what leads to it: the order for tables and screen readers. */
export function readingOrder(definition: Definition): TileId[] {
  const seen = new Set<TileId>();
  const visit = (id: TileId) => {
    if (seen.has(id)) return;
    const tile = definition.tiles.find((each) => each.id === id);
    if (!tile) return;
    seen.add(id);
    for (const exit of exitsOf(tile)) if (exit.next !== null) visit(exit.next);
  };
  for (const root of findRoots(definition)) visit(root.id);
  for (const tile of definition.tiles) visit(tile.id); // what hangs in a circle
  return [...seen];
}

const SMALLEST_READABLE = 0.78;
const MARGIN = 28;

/** Where the eye begins: everything if it can still be read, else the entrance and as much as fits beyond it. */
export function findView(
  graph: Graph,
  width: number,
  height: number,
): { x: number; y: number; zoom: number } {
  const left = Math.min(...graph.nodes.map((node) => node.x));
  const top = Math.min(...graph.nodes.map((node) => node.y));
  const right = Math.max(...graph.nodes.map((node) => node.x + (node.tile === null ? END_SIZE : TILE_WIDTH)));
  const bottom = Math.max(
    ...graph.nodes.map((node) => node.y + (node.tile === null ? END_SIZE : TILE_HEIGHT)),
  );
  const whole = Math.min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top));
  const zoom = Math.min(1, Math.max(whole, SMALLEST_READABLE));
  const entrance = graph.nodes[0] ?? { x: 0, y: 0 };
  return {
    x: place(width, left * zoom, right * zoom, (entrance.x + TILE_WIDTH / 2) * zoom),
    y: place(height, top * zoom, bottom * zoom, top * zoom),
    zoom,
  };
}

/** Centre what fits; of what does not, show the part around the entrance without leaving an edge empty. */
function place(space: number, start: number, end: number, entrance: number): number {
  if (end - start + 2 * MARGIN <= space) return (space - start - end) / 2;
  return Math.max(space - MARGIN - end, Math.min(MARGIN - start, space / 2 - entrance));
}
