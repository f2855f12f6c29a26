import { IconButton, Tooltip } from "@mui/material";
import { Info } from "lucide-react";

/** An information sign whose text opens on hover, on focus and by touch. */
export function InfoTip({ label, text }: { label: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <Tooltip title={text} arrow enterTouchDelay={0} leaveTouchDelay={6000} describeChild>
      <IconButton size="small" aria-label={`About ${label}`} sx={{ p: 0.25, color: "text.secondary" }}>
        <Info size={14} aria-hidden />
      </IconButton>
    </Tooltip>
  );
}
