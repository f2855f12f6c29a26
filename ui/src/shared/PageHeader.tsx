import { Box, Link as MuiLink, Typography } from "@mui/material";
import { type ReactNode, useEffect } from "react";
import { Link } from "react-router-dom";

interface Props {
  title: string;
  /** Where this page hangs: label and address. */
  parent?: { label: string; to: string };
  status?: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
}

/** The head of every page: where one is, what it is, what one can do. It also names the browser's tab. */
export function PageHeader({ title, parent, status, subtitle, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Senet`;
  }, [title]);
  return (
    <Box
      component="header"
      sx={{ display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: 2, mb: 3, minHeight: 52 }}
    >
      <Box sx={{ flex: "1 1 320px", minWidth: 0 }}>
        {parent && (
          <MuiLink component={Link} to={parent.to} variant="body2" underline="hover" color="textSecondary">
            {parent.label}
          </MuiLink>
        )}
        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, flexWrap: "wrap" }}>
          <Typography variant="h1" sx={{ overflowWrap: "anywhere" }}>
            {title}
          </Typography>
          {status}
        </Box>
        {subtitle && (
          <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
            {subtitle}
          </Typography>
        )}
      </Box>
      {actions && (
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>{actions}</Box>
      )}
    </Box>
  );
}
