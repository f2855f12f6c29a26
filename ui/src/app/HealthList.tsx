import { Box, Typography } from "@mui/material";
import { CircleAlert, CircleCheck } from "lucide-react";
import { humanise } from "@/shared/format";
import type { Component } from "@/shared/health";

const NAMES: Record<string, string> = { postgres: "PostgreSQL", clickhouse: "ClickHouse" };

export function HealthList({ components }: { components: Record<string, Component> }) {
  return (
    <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0 }}>
      {Object.entries(components).map(([name, component]) => {
        const isWell = component.status === "ok";
        return (
          <Box
            component="li"
            key={name}
            sx={{
              display: "flex",
              gap: 1.25,
              py: 1,
              borderTop: 1,
              borderColor: "divider",
              "&:first-of-type": { borderTop: 0 },
            }}
          >
            <Box sx={{ color: isWell ? "success.main" : "error.main", pt: 0.2 }}>
              {isWell ? (
                <CircleCheck size={17} aria-label="Works" />
              ) : (
                <CircleAlert size={17} aria-label="Fails" />
              )}
            </Box>
            <Typography variant="body2" sx={{ fontWeight: 570, width: 110, flexShrink: 0 }}>
              {NAMES[name] ?? humanise(name)}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {component.sentence}
            </Typography>
          </Box>
        );
      })}
    </Box>
  );
}
