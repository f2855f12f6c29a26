import { Box, Paper, Typography } from "@mui/material";
import { AnimatedNumber } from "@/shared/AnimatedNumber";
import { formatRatio } from "@/shared/format";
import { InfoTip } from "@/shared/InfoTip";

interface Props {
  label: string;
  value: number | null;
  unit?: string | undefined;
  tip?: string | undefined;
  /** A second, smaller line: a share, or what it is of. */
  note?: string | undefined;
  /** Without a frame, for grids of many numbers. */
  small?: boolean;
}

/** One number with its name, its meaning a key or a hover away. */
export function NumberCard({ label, value, unit, tip, note, small = false }: Props) {
  return (
    <Paper
      variant={small ? "elevation" : "outlined"}
      elevation={0}
      data-kpi={label}
      sx={{ p: small ? 0 : 2, minWidth: 0, bgcolor: small ? "transparent" : "background.paper" }}
    >
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5, minHeight: 24 }}>
        <Typography variant="body2" color="textSecondary" sx={{ fontWeight: 550 }}>
          {label}
        </Typography>
        <InfoTip label={label} text={tip} />
      </Box>
      <Box
        sx={{
          fontSize: small ? 18 : 27,
          fontWeight: small ? 600 : 640,
          letterSpacing: "-0.02em",
          lineHeight: 1.35,
          fontVariantNumeric: "tabular-nums",
        }}
      >
        {unit === "ratio" || value === null ? formatRatio(value) : <AnimatedNumber value={value} />}
      </Box>
      {note && (
        <Typography variant="caption" color="textSecondary" component="p">
          {note}
        </Typography>
      )}
    </Paper>
  );
}
