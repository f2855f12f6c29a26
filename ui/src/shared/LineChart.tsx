import { Box, useTheme } from "@mui/material";
import { LineChart as Lines } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([Lines, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Series {
  name: string;
  colour: "primary" | "success" | "warning" | "error" | "info";
  points: [string, number][];
}

export interface LineChartProps {
  /** What the chart shows, for those who do not see it; the numbers are in a table beside it. */
  label: string;
  series: Series[];
  height?: number;
}

export default function LineChart({ label, series, height = 280 }: LineChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const { palette, typography } = useTheme();

  useEffect(() => {
    if (!frame.current) return;
    const made = init(frame.current, null, { renderer: "svg" });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(frame.current);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const words = {
      color: palette.text.secondary,
      fontFamily: typography.fontFamily ?? "sans-serif",
      fontSize: 12,
    };
    chart.current?.setOption(
      {
        animationDuration: 300,
        textStyle: words,
        color: series.map((each) => palette[each.colour].main),
        grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 4, textStyle: words },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.background.paper,
          borderColor: palette.divider,
          textStyle: { ...words, color: palette.text.primary },
        },
        xAxis: {
          type: "time",
          axisLabel: { ...words, hideOverlap: true },
          axisLine: { lineStyle: { color: palette.divider } },
          axisTick: { show: false },
        },
        yAxis: {
          type: "value",
          minInterval: 1,
          axisLabel: words,
          splitLine: { lineStyle: { color: palette.divider } },
        },
        series: series.map((each) => ({
          type: "line",
          name: each.name,
          data: each.points,
          showSymbol: each.points.length < 2,
          symbolSize: 7,
          lineStyle: { width: 2.2 },
          areaStyle: { opacity: 0.06 },
          smooth: 0.25,
          smoothMonotone: "x",
        })),
      },
      true,
    );
  }, [series, palette, typography.fontFamily]);

  return <Box ref={frame} role="img" aria-label={label} sx={{ height, width: "100%" }} />;
}
