import { Box } from "@mui/material";
import type { ReactNode } from "react";

/** Inputs side by side where there is room: a grid of equal columns. */
export function Fields({ children, columns = 2 }: { children: ReactNode; columns?: number }) {
  return (
    <Box
      sx={{
        display: "grid",
        columnGap: 2,
        rowGap: 0.5,
        alignItems: "start",
        "& .MuiFormControl-root": { marginTop: 0, marginBottom: 0.5 },
        gridTemplateColumns: { xs: "1fr", md: `repeat(${columns}, minmax(0, 1fr))` },
      }}
    >
      {children}
    </Box>
  );
}
