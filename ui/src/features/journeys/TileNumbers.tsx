import { Box } from "@mui/material";
import { Check, CircleSlash, LoaderCircle, type LucideIcon, TriangleAlert } from "lucide-react";
import { AnimatedNumber } from "@/shared/AnimatedNumber";
import type { TileNumbers as Numbers } from "@/shared/model";

interface Kind {
  key: "processed" | "processing" | "stopped" | "failed";
  label: string;
  icon: LucideIcon;
  colour: string;
}

export const NUMBER_KINDS: Kind[] = [
  { key: "processed", label: "Processed", icon: Check, colour: "success.main" },
  { key: "processing", label: "Processing", icon: LoaderCircle, colour: "warning.main" },
  { key: "stopped", label: "Stopped", icon: CircleSlash, colour: "text.secondary" },
  { key: "failed", label: "Failed", icon: TriangleAlert, colour: "error.main" },
];

/** The numbers above a tile. The tile's own label says them to a screen reader. */
export function TileNumbers({ numbers }: { numbers: Numbers | undefined }) {
  return (
    <Box
      aria-hidden
      sx={{
        display: "inline-flex",
        gap: 1.25,
        px: 0.5,
        alignItems: "center",
        height: 24,
        bgcolor: "background.paper",
        borderRadius: 1,
        position: "relative",
      }}
    >
      {NUMBER_KINDS.filter((kind) => kind.key !== "failed" || (numbers?.failed ?? 0) > 0).map((kind) => (
        <Box
          key={kind.key}
          title={kind.label}
          data-number={kind.key}
          sx={{
            display: "inline-flex",
            alignItems: "center",
            gap: 0.4,
            fontSize: 12.5,
            fontWeight: kind.key === "processed" ? 650 : 550,
            color:
              (numbers?.[kind.key] ?? 0) > 0 || kind.key === "processed" ? "text.primary" : "text.secondary",
          }}
        >
          <Box component="span" sx={{ display: "inline-flex", color: kind.colour }}>
            <kind.icon size={13} strokeWidth={2.4} />
          </Box>
          <AnimatedNumber value={numbers?.[kind.key] ?? 0} />
        </Box>
      ))}
    </Box>
  );
}

/** What the signs above the tiles mean. */
export function NumbersLegend() {
  return (
    <Box
      component="ul"
      aria-label="Legend"
      sx={{ display: "flex", flexWrap: "wrap", gap: 2, listStyle: "none", p: 0, m: 0 }}
    >
      {NUMBER_KINDS.map((kind) => (
        <Box
          component="li"
          key={kind.key}
          sx={{ display: "inline-flex", alignItems: "center", gap: 0.6, fontSize: 12.5 }}
        >
          <Box component="span" sx={{ display: "inline-flex", color: kind.colour }}>
            <kind.icon size={14} strokeWidth={2.4} aria-hidden />
          </Box>
          {kind.label}
        </Box>
      ))}
    </Box>
  );
}
