import { Box } from "@mui/material";
import { Handle, type NodeProps } from "@xyflow/react";
import { END_SIZE } from "./graph";
import { TileNode, type TileNodeProps } from "./TileNode";

const HIDDEN = { opacity: 0, pointerEvents: "none" as const };

/** A tile as the canvas library wants it: with the invisible points where its edges arrive and leave. */
export function CanvasNode({ data, sourcePosition, targetPosition }: NodeProps) {
  const props = data as unknown as TileNodeProps;
  return (
    <>
      {targetPosition && (
        <Handle type="target" position={targetPosition} style={HIDDEN} isConnectable={false} />
      )}
      <TileNode {...props} />
      {sourcePosition && (
        <Handle type="source" position={sourcePosition} style={HIDDEN} isConnectable={false} />
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
