import { Box, CircularProgress } from "@mui/material";
import { lazy, Suspense } from "react";
import type { CanvasProps } from "./JourneyCanvas";

const JourneyCanvas = lazy(() => import("./JourneyCanvas"));

/** The canvas, fetched when a page first draws a journey. */
export function LazyCanvas(props: CanvasProps) {
  const waiting = (
    <Box sx={{ height: "100%", display: "grid", placeItems: "center" }}>
      <CircularProgress size={24} aria-label="Drawing the journey" />
    </Box>
  );
  return (
    <Suspense fallback={waiting}>
      <JourneyCanvas {...props} />
    </Suspense>
  );
}
