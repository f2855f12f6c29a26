import { Box, Typography } from "@mui/material";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  /** What to do next, in a sentence. */
  sentence: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ icon: Icon, title, sentence, action }: Props) {
  return (
    <Box sx={{ textAlign: "center", py: 8, px: 3, maxWidth: 480, mx: "auto" }}>
      <Box
        sx={{
          width: 56,
          height: 56,
          mx: "auto",
          mb: 2,
          borderRadius: 4,
          display: "grid",
          placeItems: "center",
          bgcolor: "action.selected",
          color: "primary.main",
        }}
      >
        <Icon size={26} strokeWidth={1.6} aria-hidden />
      </Box>
      <Typography variant="h2" gutterBottom>
        {title}
      </Typography>
      <Typography color="textSecondary" sx={{ mb: 2.5 }}>
        {sentence}
      </Typography>
      {action}
    </Box>
  );
}
