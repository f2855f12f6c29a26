import { Box, useTheme } from "@mui/material";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { AnimatedNumber } from "@/shared/AnimatedNumber";

interface Way {
  label?: string;
  count?: number;
}

/** Where a way turns, after it has left its tile; the names of branches stand there. */
const BEND = 20;

/** A way from tile to tile; a branch carries its name and how many took it. */
export function CanvasEdge(props: EdgeProps) {
  const theme = useTheme();
  const { label, count } = (props.data ?? {}) as Way;
  const down = props.sourcePosition === "bottom";
  const bend = (down ? props.sourceY : props.sourceX) + BEND;
  const [path] = getSmoothStepPath({
    ...props,
    borderRadius: 12,
    offset: 14,
    ...(down ? { centerY: bend } : { centerX: bend }),
  });
  const x = down ? props.targetX : (bend + props.targetX) / 2;
  const y = down ? bend : props.targetY;
  return (
    <>
      <BaseEdge path={path} style={{ stroke: theme.palette.text.disabled, strokeWidth: 1.6 }} />
      {label && (
        <EdgeLabelRenderer>
          <Box
            sx={{
              position: "absolute",
              transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
              px: 1,
              py: 0.1,
              borderRadius: 99,
              border: 1,
              borderColor: "divider",
              bgcolor: "background.paper",
              fontSize: 12,
              fontWeight: 550,
              whiteSpace: "nowrap",
              color: "text.secondary",
            }}
          >
            {label}
            {count !== undefined && (
              <Box component="span" sx={{ ml: 0.6, color: "text.primary", fontWeight: 650 }}>
                <AnimatedNumber value={count} />
              </Box>
            )}
          </Box>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
