import { Box, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Milestone } from "@/shared/model";

const WORDS: Record<string, string> = {
  created: "Created",
  going_live: "Asked to go live",
  went_live: "Went live",
  go_live_failed: "Could not go live",
  started: "Started",
  iteration_started: "Next iteration started",
  edited: "Opened for editing",
  changed: "Changed",
  restored: "Earlier version restored",
  edit_cancelled: "Editing cancelled",
  stopped: "Stopped",
  ended: "Ended",
  expired: "Expired",
};

/** "Iteration 2 started", "Went live (version 3)". */
function describe({ kind, detail }: Milestone): string {
  const words = WORDS[kind] ?? humanise(kind);
  if (kind === "iteration_started" && detail.iteration) return `Iteration ${detail.iteration} started`;
  return detail.version ? `${words} (version ${detail.version})` : words;
}

/** What happened to the journey, the latest first. */
export function MilestonesPanel({ journeyId }: { journeyId: number }) {
  const { data } = useQuery({
    queryKey: ["milestones", journeyId],
    queryFn: () => call<{ items: Milestone[] }>(`/journeys/${journeyId}/milestones`),
    refetchInterval: 10_000,
  });
  return (
    <Box sx={{ p: 2.5 }}>
      <Typography variant="h2">Milestones</Typography>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 2 }}>
        Choose a tile to see its numbers.
      </Typography>
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0 }}>
        {data?.items.map((milestone) => (
          <Box
            component="li"
            key={milestone.id}
            sx={{
              position: "relative",
              pl: 2.5,
              pb: 2,
              borderLeft: 2,
              borderColor: "divider",
              ml: 0.5,
              "&:last-of-type": { borderColor: "transparent", pb: 0 },
              "&::before": {
                content: '""',
                position: "absolute",
                left: -6,
                top: 5,
                width: 10,
                height: 10,
                borderRadius: 99,
                bgcolor: "primary.main",
              },
            }}
          >
            <Typography variant="body2" sx={{ fontWeight: 570 }}>
              {describe(milestone)}
            </Typography>
            <Typography variant="caption" color="textSecondary" component="p">
              {formatDateTime(milestone.at)}
              {milestone.user_name && ` by ${milestone.user_name}`}
            </Typography>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
