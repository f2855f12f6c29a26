import { Typography } from "@mui/material";
import { useMemo } from "react";
import { Chart } from "@/shared/Chart";
import { formatCount, formatDay, formatNumber } from "@/shared/format";
import type { WarmUp } from "@/shared/model";

/** How many mails each day may take while a provider gets to know us, and how much of it is used. */
export function WarmUpChart({ plan, name }: { plan: WarmUp; name: string }) {
  const today = plan.days.findLast((day) => day.used !== null);
  const series = useMemo(
    () => [
      {
        name: "Cap of the day",
        colour: "sky" as const,
        dashed: true,
        points: plan.days.map((day) => [day.day, day.cap] as [string, number]),
      },
      {
        name: "Used",
        colour: "teal" as const,
        points: plan.days.flatMap((day) => (day.used ? [[day.day, day.used] as [string, number]] : [])),
      },
    ],
    [plan],
  );
  return (
    <>
      <Typography variant="body2" sx={{ mb: 1 }}>
        {`Warm-up since ${formatDay(plan.starts)}: ${formatCount(plan.first, "mail")} on the first day, ${plan.factor} times as many each day. `}
        {today && `Of today’s ${formatNumber(today.cap)}, ${formatNumber(today.used)} are used.`}
      </Typography>
      <Chart label={`Warm-up of ${name}`} series={series} byDay logarithmic height={200} />
    </>
  );
}
