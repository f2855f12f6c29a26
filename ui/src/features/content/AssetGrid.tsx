import { Box, Typography } from "@mui/material";
import { FileText, Film } from "lucide-react";
import type { ReactNode } from "react";
import { API } from "@/shared/http";
import type { Asset } from "@/shared/model";

const UNITS = ["B", "kB", "MB"];

/** A size as people say it: 1.2 MB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

function describe(asset: Asset): string {
  const size = asset.width && asset.height ? `${asset.width} × ${asset.height}, ` : "";
  return `${size}${formatBytes(asset.size)}`;
}

interface Props {
  assets: Asset[];
  /** What can be done with one. */
  actions: (asset: Asset) => ReactNode;
}

/** Assets as tiles: an image shows itself, a file its kind. */
export function AssetGrid({ assets, actions }: Props) {
  return (
    <Box
      component="ul"
      sx={{
        listStyle: "none",
        m: 0,
        p: 0,
        display: "grid",
        gap: 2,
        gridTemplateColumns: "repeat(auto-fill, minmax(190px, 1fr))",
      }}
    >
      {assets.map((asset) => (
        <Box
          key={asset.id}
          component="li"
          sx={{ border: 1, borderColor: "divider", borderRadius: 2, overflow: "hidden", minWidth: 0 }}
        >
          <Box sx={{ height: 130, display: "grid", placeItems: "center", bgcolor: "action.hover" }}>
            <Picture asset={asset} />
          </Box>
          <Box sx={{ p: 1.25 }}>
            <Typography variant="body2" noWrap sx={{ fontWeight: 600 }} title={asset.name}>
              {asset.name}
            </Typography>
            <Typography variant="caption" color="textSecondary" component="p" noWrap>
              {describe(asset)}
            </Typography>
            <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.5, mt: 0.5 }}>{actions(asset)}</Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function Picture({ asset }: { asset: Asset }) {
  if (asset.kind === "image") {
    return (
      <img
        src={`${API}/assets/${asset.id}/content`}
        alt={asset.description || asset.name}
        loading="lazy"
        style={{ maxWidth: "100%", maxHeight: 130 }}
      />
    );
  }
  const Icon = asset.kind === "video" ? Film : FileText;
  return <Icon size={40} strokeWidth={1.2} aria-hidden />;
}
