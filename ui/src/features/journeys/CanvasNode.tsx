import { Box } from "@mui/material";
import { Handle, type NodeProps } from "@xyflow/react";
import { END_SIZE, NUMBERS_HEIGHT, TILE_HEIGHT } from "./graph";
import { TileNode, type TileNodeProps } from "./TileNode";

/** Halfway down the card, below the numbers. */
const MIDDLE = (TILE_HEIGHT + NUMBERS_HEIGHT) / 2;
const HIDDEN = { opacity: 0, pointerEvents: "none" as const };

/** A tile as the canvas library wants it: with the invisible points where its edges arrive and leave. */
export function CanvasNode({ data, sourcePosition, targetPosition }: NodeProps) {
  const props = data as unknown as TileNodeProps;
  const arrival = { ...HIDDEN, top: targetPosition === "top" ? NUMBERS_HEIGHT : MIDDLE };
  const departure = sourcePosition === "bottom" ? HIDDEN : { ...HIDDEN, top: MIDDLE };
  return (
    <>
      {targetPosition && (
        <Handle type="target" position={targetPosition} style={arrival} isConnectable={false} />
      )}
      <TileNode {...props} />
      {sourcePosition && (
        <Handle type="source" position={sourcePosition} style={departure} isConnectable={false} />
      )}
    </>
  );
}

/** Where a lane ends. */
export function EndNode({ targetPosition }: NodeProps) {
  return (
    <>
      {targetPosition && (
        <Handle type="target" position={targetPosition} style={HIDDEN} isConnectable={false} />
      )}
      <Box
        title="End of this lane"
        sx={{
          width: END_SIZE,
          height: END_SIZE,
          borderRadius: 99,
          border: 2,
          borderColor: "text.disabled",
          bgcolor: "background.default",
        }}
      />
    </>
  );
}
