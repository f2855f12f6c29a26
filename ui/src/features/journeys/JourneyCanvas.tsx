import "@xyflow/react/dist/style.css";
import { Box, useTheme } from "@mui/material";
import { Background, Controls, Position, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { type CSSProperties, type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import type { TileNumbers } from "@/shared/model";
import { CanvasEdge } from "./CanvasEdge";
import { CanvasNode, EndNode } from "./CanvasNode";
import type { Definition, TileId } from "./definition";
import {
  type Arrow,
  arrange,
  type Direction,
  END_SIZE,
  findNeighbour,
  findView,
  type Graph,
  readingOrder,
  TILE_HEIGHT,
  TILE_WIDTH,
  toGraph,
} from "./graph";

export interface CanvasProps {
  definition: Definition;
  direction: Direction;
  /** Absent: a drawing without numbers, as in the designer. */
  numbers?: Map<TileId, TileNumbers>;
  verdicts?: Map<TileId, "error" | "warning">;
  selected: TileId | null;
  onSelect: (id: TileId | null) => void;
}

const NODE_TYPES = { tile: CanvasNode, end: EndNode };
const EDGE_TYPES = { way: CanvasEdge };
const SEE_THROUGH = { "--xy-background-color": "transparent" } as CSSProperties;
const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

/** The graph of a journey: arranged by itself, moved about in by mouse, touch and arrow keys. */
export default function JourneyCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({ definition, direction, numbers, verdicts, selected, onSelect }: CanvasProps) {
  const theme = useTheme();
  const frame = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const graph = useMemo(() => arrange(toGraph(definition), direction), [definition, direction]);
  const order = useMemo(() => readingOrder(definition), [definition]);
  const tabStop = selected ?? order[0] ?? null;
  useFit(graph, frame);

  function onKeyDown(event: KeyboardEvent, id: TileId) {
    if (event.key === "Escape") onSelect(null);
    if (!ARROWS.has(event.key)) return;
    event.preventDefault();
    const target = findNeighbour(graph, id, event.key as Arrow, direction);
    const node = graph.nodes.find((each) => each.tile === target);
    if (target === null || !node) return;
    frame.current?.querySelector<HTMLElement>(`[data-tile="${target}"]`)?.focus({ preventScroll: true });
    flow.setCenter(node.x + TILE_WIDTH / 2, node.y + TILE_HEIGHT / 2, {
      zoom: flow.getZoom(),
      duration: 180,
    });
  }

  const nodes = graph.nodes.map((node) => {
    const tile = definition.tiles.find((each) => each.id === node.tile);
    const size = tile ? { width: TILE_WIDTH, height: TILE_HEIGHT } : { width: END_SIZE, height: END_SIZE };
    const down = direction === "down";
    return {
      id: node.id,
      type: tile ? "tile" : "end",
      position: { x: node.x, y: node.y },
      ...size,
      style: { pointerEvents: "all" as const }, // the library takes clicks from nodes that cannot be selected
      sourcePosition: down ? Position.Bottom : Position.Right,
      targetPosition: down ? Position.Top : Position.Left,
      data: tile
        ? {
            tile,
            numbers: numbers?.get(tile.id),
            hasNumbers: numbers !== undefined,
            isSelected: tile.id === selected,
            isTabStop: tile.id === tabStop,
            verdict: verdicts?.get(tile.id),
            onSelect,
            onKeyDown,
          }
        : {},
    };
  });
  const edges = graph.edges.map((edge) => ({
    id: edge.id,
    type: "way",
    source: edge.from,
    target: edge.to,
    data: {
      label: edge.label,
      count: numbers?.get(edge.tile)?.paths.find((path) => path.branch === edge.branch)?.count,
    },
  }));

  return (
    <Box ref={frame} sx={{ width: "100%", height: "100%" }} role="group" aria-label="Drawing of the journey">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={theme.palette.mode}
        style={SEE_THROUGH}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        panOnScroll
        minZoom={0.2}
        maxZoom={1.5}
        onPaneClick={() => onSelect(null)}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={22} size={1.2} color={theme.palette.divider} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </Box>
  );
}

/** Show everything, or its beginning, when the graph changes its shape, but leave the view alone otherwise. */
function useFit(graph: Graph, frame: RefObject<HTMLDivElement | null>) {
  const flow = useReactFlow();
  const shape = graph.nodes.map((node) => `${node.id}@${node.x},${node.y}`).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new shape is what asks for a new view
  useEffect(() => {
    const timer = setTimeout(() => {
      const { width = 0, height = 0 } = frame.current?.getBoundingClientRect() ?? {};
      if (width && height) flow.setViewport(findView(graph, width, height));
    }, 30);
    return () => clearTimeout(timer);
  }, [shape, flow]);
}
