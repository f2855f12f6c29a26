import { Box, CircularProgress } from "@mui/material";
import { lazy, Suspense } from "react";
import type { LineChartProps } from "@/shared/LineChart";

const LineChart = lazy(() => import("@/shared/LineChart"));

/** A line chart whose library is fetched when the first chart is shown. */
export function Chart(props: LineChartProps) {
  const waiting = (
    <Box sx={{ height: props.height ?? 280, display: "grid", placeItems: "center" }}>
      <CircularProgress size={22} aria-label="Drawing the chart" />
    </Box>
  );
  return (
    <Suspense fallback={waiting}>
      <LineChart {...props} />
    </Suspense>
  );
}
