import { Box, Button, Chip, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { formatDateTime } from "@/shared/format";
import { call } from "@/shared/http";
import type { Journey, JourneyVersion } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";

/** What has been live: each version with when, by whom, and what was different; and the way back to one. */
export function VersionsPanel({ journey }: { journey: Journey }) {
  const { data } = useQuery({
    queryKey: ["versions", journey.id, journey.live_version],
    queryFn: () => call<{ items: JourneyVersion[] }>(`/journeys/${journey.id}/versions`),
  });
  if (!data?.items.length) return null;
  return (
    <Box component="section" aria-label="Versions" sx={{ px: 2.5, pb: 2.5 }}>
      <Typography variant="h2" sx={{ mb: 1 }}>
        Versions
      </Typography>
      <Box component="ol" reversed sx={{ listStyle: "none", p: 0, m: 0 }}>
        {data.items.map((version) => (
          <Version key={version.number} version={version} journey={journey} />
        ))}
      </Box>
    </Box>
  );
}

function Version({ version, journey }: { version: JourneyVersion; journey: Journey }) {
  const by = version.published_by_name && ` by ${version.published_by_name}`;
  return (
    <Box component="li" sx={{ py: 1, borderTop: 1, borderColor: "divider" }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
        <Typography variant="body2" sx={{ fontWeight: 570 }}>
          Version {version.number}
        </Typography>
        {version.is_live && <Chip size="small" label={isRunning(journey) ? "Runs" : "Ran last"} />}
        <Box sx={{ flex: 1 }} />
        {!(version.is_live && journey.status === "live") && (
          <Restore version={version.number} journey={journey} />
        )}
      </Box>
      <Typography variant="caption" color="textSecondary" component="p">
        {formatDateTime(version.published_at)}
        {by}
      </Typography>
      {version.changes.map((change) => (
        <Typography key={change.tile} variant="caption" component="p" sx={{ mt: 0.5 }}>
          <b>{change.tile === null ? "Settings" : change.name}</b> {change.what.join(" ")}
        </Typography>
      ))}
    </Box>
  );
}

const RESTORABLE = new Set(["live_editable", "stopped", "error"]);

function isRunning({ status }: Journey): boolean {
  return status === "live" || status === "live_editable";
}

/** Take a version's settings up into the draft. A live journey is opened for editing first. */
function Restore({ version, journey }: { version: number; journey: Journey }) {
  const [asking, setAsking] = useState(false);
  const { busy, act } = useAct();
  const redirect = useRedirect();
  const mayEdit = useMay("edit");
  if (!mayEdit || !(RESTORABLE.has(journey.status) || journey.status === "live")) return null;
  async function restore() {
    const done = await act(async () => {
      if (journey.status === "live") await call(`/journeys/${journey.id}/edit`, { method: "POST" });
      return call(`/journeys/${journey.id}/versions/${version}/restore`, { method: "POST" });
    }, `The draft is as version ${version} was.`);
    setAsking(false);
    if (done !== undefined) redirect("edit", "journeys", journey.id);
  }
  return (
    <>
      <Button
        size="small"
        color="inherit"
        aria-label={`Restore version ${version}`}
        startIcon={<History size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        Restore
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Restore version ${version}?`}
        confirmLabel="Restore it"
        busy={busy}
        onConfirm={restore}
        onClose={() => setAsking(false)}
      >
        Its settings and tiles become the draft, as far as they may still change. Nothing is live until you
        choose Go live, which makes them a version of their own.
      </ConfirmDialog>
    </>
  );
}
