import { Box } from "@mui/material";
import { formatRatio } from "@/shared/format";
import type { KpiValue } from "@/shared/model";
import { NumberCard } from "@/shared/NumberCard";
import { Section } from "@/shared/Section";

/** The numbers one looks for first, each with the rate that belongs to it. */
const HEADLINES: [key: string, rate: string | null][] = [
  ["sent", null],
  ["delivered", "delivery_rate"],
  ["unique_opens", "open_rate"],
  ["unique_clicks", "click_through_rate"],
  ["unsubscribes", "unsubscribe_rate"],
  ["bounces", null],
];

const COLUMNS = {
  xs: "repeat(2, minmax(0, 1fr))",
  sm: "repeat(3, minmax(0, 1fr))",
  lg: "repeat(6, minmax(0, 1fr))",
};

export function KpiGrid({ kpis }: { kpis: KpiValue[] }) {
  const byKey = new Map(kpis.map((kpi) => [kpi.key, kpi]));
  const shown = new Set(HEADLINES.flatMap(([key, rate]) => (rate ? [key, rate] : [key])));
  const rest = kpis.filter((kpi) => !shown.has(kpi.key));
  return (
    <>
      <Box
        component="section"
        aria-label="Main numbers"
        sx={{ display: "grid", gap: 2, gridTemplateColumns: COLUMNS, mb: 3 }}
      >
        {HEADLINES.map(([key, rate]) => {
          const kpi = byKey.get(key);
          return (
            kpi && (
              <NumberCard
                key={key}
                label={kpi.name}
                value={kpi.value}
                tip={kpi.description}
                note={describeRate(byKey.get(rate ?? ""))}
              />
            )
          );
        })}
      </Box>
      {rest.length > 0 && (
        <Section title="All numbers">
          <Box
            sx={{ display: "grid", gap: 1.5, gridTemplateColumns: "repeat(auto-fill, minmax(175px, 1fr))" }}
          >
            {rest.map((kpi) => (
              <NumberCard
                key={kpi.key}
                small
                label={kpi.name}
                value={kpi.value}
                unit={kpi.unit}
                tip={kpi.description}
              />
            ))}
          </Box>
        </Section>
      )}
    </>
  );
}

function describeRate(rate: KpiValue | undefined): string | undefined {
  if (!rate) return undefined;
  return `${formatRatio(rate.value)} ${rate.name.toLowerCase()}`;
}
