import { useTheme } from "@mui/material";
import { useMemo } from "react";
import { type Definition, findTile } from "../definition";
import {
  arrange,
  type Graph,
  type GraphEdge,
  type GraphNode,
  readingOrder,
  type Sizes,
  toGraph,
} from "../graph";
import { getTileView, titleOf } from "../tiles/registry";

const SIZES: Sizes = { width: 40, height: 40, end: 8, beside: 14, between: 24 };
const ICON = 20;
const MARGIN = 14;
/** What a picture measures at least, so that a short journey is not blown up. */
const LEAST = { width: 320, height: 130 };

/** A journey at a glance: its tiles as icons, and the ways between them. */
export function FlowPicture({ definition }: { definition: Definition }) {
  const { palette } = useTheme();
  const graph = useMemo(() => arrange(toGraph(definition), "right", SIZES), [definition]);
  const titles = readingOrder(definition).flatMap((id) => {
    const tile = findTile(definition, id);
    return tile ? [titleOf(tile)] : [];
  });
  return (
    <svg
      role="img"
      aria-label={titles.length ? `The flow: ${titles.join(", ")}` : "No tiles yet"}
      viewBox={findBox(graph)}
      width="100%"
      height="100%"
    >
      {graph.edges.map((edge) => (
        <path key={edge.id} d={findPath(graph, edge)} fill="none" stroke={palette.text.disabled} />
      ))}
      {graph.nodes.map((node) => (
        <Node key={node.id} node={node} definition={definition} />
      ))}
    </svg>
  );
}

function Node({ node, definition }: { node: GraphNode; definition: Definition }) {
  const { palette } = useTheme();
  const tile = findTile(definition, node.tile);
  if (!tile) {
    const radius = SIZES.end / 2;
    return <circle cx={node.x + radius} cy={node.y + radius} r={radius - 1} fill={palette.divider} />;
  }
  const { icon: Icon, colour } = getTileView(tile.kind);
  const { main } = palette[colour];
  const inset = (SIZES.width - ICON) / 2;
  return (
    <g>
      <rect
        x={node.x}
        y={node.y}
        width={SIZES.width}
        height={SIZES.height}
        rx={10}
        fill={`color-mix(in srgb, ${main} 14%, ${palette.background.paper})`}
        stroke={`color-mix(in srgb, ${main} 35%, ${palette.background.paper})`}
      />
      <Icon x={node.x + inset} y={node.y + inset} size={ICON} strokeWidth={1.8} color={main} aria-hidden />
    </g>
  );
}

function sizeOf(node: GraphNode): number {
  return node.tile === null ? SIZES.end : SIZES.width;
}

/** The part of the drawing that is shown: all of it, in the middle. */
function findBox(graph: Graph): string {
  const right = Math.max(0, ...graph.nodes.map((node) => node.x + sizeOf(node)));
  const bottom = Math.max(0, ...graph.nodes.map((node) => node.y + sizeOf(node)));
  const width = Math.max(right + 2 * MARGIN, LEAST.width);
  const height = Math.max(bottom + 2 * MARGIN, LEAST.height);
  return `${(right - width) / 2} ${(bottom - height) / 2} ${width} ${height}`;
}

/** From side to side where the next rank is near, else around what lies between, rounded at each point. */
function findPath(graph: Graph, { from, to, route = [] }: GraphEdge): string {
  const [start, ...rest] = route;
  const last = rest.pop();
  if (!start || !last) return "";
  if (rest.length < 2) return findCurve(graph, from, to);
  const curves = rest.map((point, at) => {
    const next = rest[at + 1];
    const end = next ? { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 } : last;
    return `Q ${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M ${start.x} ${start.y} ${curves.join(" ") || `L ${last.x} ${last.y}`}`;
}

function findCurve(graph: Graph, from: string, to: string): string {
  const one = graph.nodes.find((node) => node.id === from);
  const other = graph.nodes.find((node) => node.id === to);
  if (!one || !other) return "";
  const [startX, startY] = [one.x + sizeOf(one), one.y + sizeOf(one) / 2];
  const [endX, endY] = [other.x, other.y + sizeOf(other) / 2];
  const bend = (startX + endX) / 2;
  return `M ${startX} ${startY} C ${bend} ${startY}, ${bend} ${endY}, ${endX} ${endY}`;
}
