import { Alert, Box, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";

type Preview = components["schemas"]["EditPreviewOut"];
type Changed = components["schemas"]["TilePreviewOut"];

/** What an edit changes in a journey that has been live, and whom that concerns. */
export function EditPreview({ journeyId, updatedAt }: { journeyId: number; updatedAt: string }) {
  const preview = useQuery({
    queryKey: ["edit-preview", journeyId, updatedAt],
    queryFn: () => call<Preview>(`/journeys/${journeyId}/edit-preview`),
    staleTime: 0,
    gcTime: 0,
  });
  if (!preview.data) return null;
  const { tiles, settings, standing } = preview.data;
  return (
    <Box sx={{ mb: 2 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        What changes
      </Typography>
      {settings.length === 0 && tiles.length === 0 && (
        <Typography color="textSecondary">
          Nothing is different from what was live. {formatCount(standing, "person", "people")} in it go on
          where they stand.
        </Typography>
      )}
      {settings.map((sentence) => (
        <Typography key={sentence}>{sentence}</Typography>
      ))}
      {tiles.map((tile) => (
        <ChangedTile key={tile.tile} tile={tile} />
      ))}
    </Box>
  );
}

function ChangedTile({ tile }: { tile: Changed }) {
  return (
    <Box sx={{ mt: 1 }}>
      <Typography sx={{ fontWeight: 600 }}>
        {tile.name} ({formatCount(tile.standing, "person", "people")} standing here)
      </Typography>
      {tile.what.map((sentence) => (
        <Typography key={sentence} variant="body2" color="textSecondary">
          {sentence}
        </Typography>
      ))}
      {tile.warnings.map((warning) => (
        <Alert key={warning} severity="warning" sx={{ mt: 0.5 }}>
          {warning}
        </Alert>
      ))}
    </Box>
  );
}
