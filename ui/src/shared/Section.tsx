import { Box, Paper, type SxProps, type Theme, Typography } from "@mui/material";
import { type ReactNode, useId } from "react";

interface Props {
  title?: string;
  description?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  /** Without the inner space, for tables that reach the edges. */
  flush?: boolean;
  sx?: SxProps<Theme>;
}

/** A card with a heading of its own. */
export function Section({ title, description, actions, children, flush = false, sx }: Props) {
  const id = useId();
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-labelledby={title ? id : undefined}
      sx={[{ mb: 3 }, sx as object]}
    >
      {(title || actions) && (
        <Box
          sx={{
            display: "flex",
            flexWrap: { xs: "wrap", sm: "nowrap" },
            alignItems: "flex-start",
            gap: 2,
            px: 2.5,
            pt: 2,
            pb: flush ? 1.5 : 0,
          }}
        >
          <Box sx={{ flex: "1 1 140px", minWidth: 0 }}>
            {title && (
              <Typography variant="h2" id={id}>
                {title}
              </Typography>
            )}
            {description && (
              <Typography variant="body2" color="textSecondary" sx={{ mt: 0.25 }}>
                {description}
              </Typography>
            )}
          </Box>
          {actions}
        </Box>
      )}
      {children ? (
        <Box sx={flush ? { overflowX: "auto" } : { p: 2.5 }}>{children}</Box>
      ) : (
        <Box sx={{ height: 16 }} />
      )}
    </Paper>
  );
}
