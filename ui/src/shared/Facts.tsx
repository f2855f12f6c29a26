import { Box, Typography } from "@mui/material";
import type { ReactNode } from "react";

/** What is known of something: names and values, one below the other. Values are shown as they are, as text. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: "grid",
        columnGap: 3,
        rowGap: 1,
        gridTemplateColumns: { xs: "1fr", sm: "minmax(120px, max-content) minmax(0, 1fr)" },
        "& dd": { m: 0, mb: { xs: 0.5, sm: 0 }, overflowWrap: "anywhere" },
      }}
    >
      {facts.map(([name, value]) => [
        <Typography component="dt" key={`${name} name`} variant="body2" color="textSecondary">
          {name}
        </Typography>,
        <Typography component="dd" key={name} variant="body2">
          {value}
        </Typography>,
      ])}
    </Box>
  );
}
