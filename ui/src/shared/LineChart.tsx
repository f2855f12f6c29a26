import { Box, useTheme } from "@mui/material";
import { BarChart as Bars, LineChart as Lines } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { formatDay, formatMoment } from "@/shared/format";

use([Bars, Lines, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const COLOURS = {
  light: {
    sky: "#7c9bd0",
    teal: "#0f857d",
    lapis: "#23408e",
    red: "#b8472f",
    gold: "#c08a1e",
    violet: "#7a56a8",
    olive: "#6b7c2a",
    rose: "#ad4f7b",
    slate: "#6a7283",
  },
  dark: {
    sky: "#7187b8",
    teal: "#4fc1b6",
    lapis: "#a9bcf7",
    red: "#ee8f77",
    gold: "#e0b252",
    violet: "#bb9ae6",
    olive: "#b3c46a",
    rose: "#e495bb",
    slate: "#98a0b3",
  },
};

/** Lines need some points to be lines; fewer are shown as bars. */
const FEWEST_FOR_LINES = 4;
const BAR = { type: "bar", barMaxWidth: 26, itemStyle: { borderRadius: [4, 4, 0, 0] } };
const LINE = {
  type: "line",
  showSymbol: false,
  lineStyle: { width: 2.2 },
  areaStyle: { opacity: 0.06 },
  smooth: 0.25,
  smoothMonotone: "x",
};

/** What is counted by the day does not glide from one day to the next. */
function drawLine({ dashed }: Series, byDay: boolean) {
  return {
    ...LINE,
    ...(byDay ? { smooth: false } : {}),
    lineStyle: { ...LINE.lineStyle, type: dashed ? "dashed" : "solid" },
  };
}

export interface Series {
  name: string;
  colour: keyof typeof COLOURS.light;
  points: [string, number][];
  /** Where colours come round again. */
  dashed?: boolean;
}

export interface LineChartProps {
  /** What the chart shows, for those who do not see it; the numbers are in a table beside it. */
  label: string;
  series: Series[];
  height?: number;
  /** The points are days, without an hour. */
  byDay?: boolean;
  /** Ten times as many stand as high above as ten times fewer below: for what grows by a factor. */
  logarithmic?: boolean;
}

export default function LineChart({
  label,
  series,
  height = 280,
  byDay = false,
  logarithmic = false,
}: LineChartProps) {
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
    const isSparse = (series[0]?.points.length ?? 0) < FEWEST_FOR_LINES;
    const words = {
      color: palette.text.secondary,
      fontFamily: typography.fontFamily ?? "sans-serif",
      fontSize: 12,
    };
    chart.current?.setOption(
      {
        animationDuration: 300,
        textStyle: words,
        color: series.map((each) => COLOURS[palette.mode][each.colour]),
        grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
        legend: {
          type: "scroll",
          top: 0,
          left: 0,
          icon: "roundRect",
          itemWidth: 14,
          itemHeight: 4,
          textStyle: words,
        },
        tooltip: {
          trigger: "axis",
          backgroundColor: palette.background.paper,
          borderColor: palette.divider,
          textStyle: { ...words, color: palette.text.primary },
        },
        xAxis: {
          type: isSparse ? "category" : "time",
          axisLabel: {
            ...words,
            hideOverlap: true,
            ...(isSparse ? { formatter: byDay ? formatDay : formatMoment } : {}),
          },
          axisLine: { lineStyle: { color: palette.divider } },
          axisTick: { show: false },
        },
        yAxis: {
          ...(logarithmic ? { type: "log", min: 1 } : { type: "value", minInterval: 1 }),
          axisLabel: words,
          splitLine: { lineStyle: { color: palette.divider } },
        },
        series: series.map((each) => ({
          name: each.name,
          data: each.points,
          ...(isSparse ? BAR : drawLine(each, byDay)),
        })),
      },
      true,
    );
  }, [series, byDay, logarithmic, palette, typography.fontFamily]);

  return <Box ref={frame} role="img" aria-label={label} sx={{ height, width: "100%" }} />;
}
