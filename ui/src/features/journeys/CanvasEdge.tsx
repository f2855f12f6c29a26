import { Box, useTheme } from "@mui/material";
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { AnimatedNumber } from "@/shared/AnimatedNumber";

interface Way {
  label?: string;
  count?: number;
}

/** A way from tile to tile; a branch carries its name and how many took it. */
export function CanvasEdge(props: EdgeProps) {
  const theme = useTheme();
  const { label, count } = (props.data ?? {}) as Way;
  const [path] = getSmoothStepPath({ ...props, borderRadius: 14, offset: 18 });
  const down = Math.abs(props.targetY - props.sourceY) > 0 && props.sourcePosition === "bottom";
  const x = down ? props.targetX : (props.sourceX + props.targetX) / 2 + 12;
  const y = down ? (props.sourceY + props.targetY) / 2 + 8 : props.targetY;
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
