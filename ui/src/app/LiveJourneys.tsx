import { Box, Paper, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { AnimatedNumber } from "@/shared/AnimatedNumber";
import { formatDateTime, NOTHING } from "@/shared/format";
import { call } from "@/shared/http";
import type { JourneyRow, TileNumbers, TilesAnswer } from "@/shared/model";
import { StatusChip } from "@/shared/StatusChip";

const SHOWN = 6;
const REFRESH_MS = 2000;

/** The journeys that run, each with its numbers of this moment. */
export function LiveJourneys() {
  const { data } = useGetList<JourneyRow & { id: number }>("journeys", {
    filter: { status: "live" },
    sort: { field: "updated_at", order: "DESC" },
    pagination: { page: 1, perPage: SHOWN },
  });
  if (!data?.length) return null;
  return (
    <Box component="section" aria-label="Live journeys" sx={{ mb: 3 }}>
      <Typography variant="h2" sx={{ mb: 1.5 }}>
        Live journeys
      </Typography>
      <Box sx={{ display: "grid", gap: 2, gridTemplateColumns: "repeat(auto-fill, minmax(300px, 1fr))" }}>
        {data.map((journey) => (
          <JourneyCard key={journey.id} journey={journey} />
        ))}
      </Box>
    </Box>
  );
}

function JourneyCard({ journey }: { journey: JourneyRow }) {
  const { data } = useQuery({
    queryKey: ["tile-numbers", journey.id, "home"],
    queryFn: ({ signal }) => call<TilesAnswer>(`/insights/journeys/${journey.id}/tiles`, { signal }),
    refetchInterval: REFRESH_MS,
    retry: false,
  });
  const tiles = data?.tiles ?? [];
  const entrance = tiles.filter((tile) => tile.kind === "audience");
  const sum = (rows: TileNumbers[], key: "total" | "processing" | "stopped") =>
    rows.reduce((total, tile) => total + tile[key], 0);
  return (
    <Paper
      variant="outlined"
      component={Link}
      to={`/journeys/${journey.id}/show`}
      sx={{
        display: "block",
        p: 2.5,
        color: "inherit",
        textDecoration: "none",
        transition: "border-color 120ms",
        "&:hover": { borderColor: "primary.main" },
      }}
    >
      <Box sx={{ display: "flex", gap: 1, alignItems: "center", mb: 0.25 }}>
        <Typography variant="h3" component="p" noWrap sx={{ flex: 1 }}>
          {journey.name}
        </Typography>
        <StatusChip status={journey.status} />
      </Box>
      <Typography variant="caption" color="textSecondary">
        Since {formatDateTime(journey.start_at)}
      </Typography>
      <Box sx={{ display: "grid", gridTemplateColumns: "repeat(3, 1fr)", mt: 2 }}>
        <Count label="Entered" value={data && sum(entrance, "total")} />
        <Count label="On the way" value={data && sum(tiles, "processing")} />
        <Count label="Stopped" value={data && sum(tiles, "stopped")} />
      </Box>
    </Paper>
  );
}

function Count({ label, value }: { label: string; value: number | undefined }) {
  return (
    <Box>
      <Box sx={{ fontSize: 21, fontWeight: 640, letterSpacing: "-0.02em" }}>
        {value === undefined ? NOTHING : <AnimatedNumber value={value} />}
      </Box>
      <Typography variant="caption" color="textSecondary">
        {label}
      </Typography>
    </Box>
  );
}
