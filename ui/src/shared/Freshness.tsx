import { Box } from "@mui/material";
import { formatClock } from "@/shared/format";

/** As of when the numbers shown are true, and whether they keep coming. */
export function Freshness({
  asOf,
  isLive,
  error,
}: {
  asOf: string | null | undefined;
  isLive: boolean;
  error?: unknown;
}) {
  const colour = error ? "error.main" : isLive ? "success.main" : "text.disabled";
  const words = error
    ? "Numbers cannot be fetched just now"
    : asOf
      ? `As of ${formatClock(asOf)}`
      : "Fetching numbers";
  return (
    <Box sx={{ display: "inline-flex", alignItems: "center", gap: 1, fontSize: 13, color: "text.secondary" }}>
      <Box component="span" sx={{ width: 8, height: 8, borderRadius: 99, bgcolor: colour }} />
      <Box component="span" sx={{ fontVariantNumeric: "tabular-nums" }}>
        {words}
      </Box>
    </Box>
  );
}
