import { Button, Dialog, DialogActions, DialogContent, DialogTitle } from "@mui/material";
import { CircleStop, ListChecks, RefreshCw, Rocket } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import type { Problem } from "@/shared/errors";
import { call } from "@/shared/http";
import type { Segment } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";

/** What one can do with a segment in its present state. */
export function SegmentCommands({ segment }: { segment: Segment }) {
  const [found, setFound] = useState<Problem[] | null>(null);
  const [stopping, setStopping] = useState(false);
  const mayGoLive = useMay("go_live");
  const { busy, problems, act } = useAct();
  const post = (command: string) =>
    call<{ problems?: Problem[] }>(`/segments/${segment.id}/${command}`, { method: "POST" });

  async function check() {
    const answer = await act(() => post("check"));
    if (answer) setFound(answer.problems ?? []);
  }
  async function goLive() {
    const done = await act(() => post("go-live"), "The segment is going live.");
    if (done === undefined) setFound([]);
  }
  async function stop() {
    await act(() => post("stop"), "The segment is stopped.");
    setStopping(false);
  }

  return (
    <>
      {segment.kind === "dynamic" && (
        <Button
          color="inherit"
          startIcon={<ListChecks size={16} aria-hidden />}
          disabled={busy}
          onClick={check}
        >
          Check
        </Button>
      )}
      {segment.status === "live" && (
        <Button
          color="inherit"
          startIcon={<RefreshCw size={16} aria-hidden />}
          disabled={busy}
          onClick={() => act(() => post("evaluate"), "The members are up to date.")}
        >
          Evaluate now
        </Button>
      )}
      {mayGoLive && segment.status === "live" && (
        <Button
          color="error"
          variant="outlined"
          startIcon={<CircleStop size={16} aria-hidden />}
          onClick={() => setStopping(true)}
        >
          Stop
        </Button>
      )}
      {mayGoLive && (
        <Button
          variant="contained"
          startIcon={<Rocket size={16} aria-hidden />}
          loading={busy}
          onClick={goLive}
        >
          {segment.status === "live" ? "Go live again" : "Go live"}
        </Button>
      )}
      <Dialog open={found !== null} onClose={() => setFound(null)} fullWidth maxWidth="sm">
        <DialogTitle>Check for errors</DialogTitle>
        <DialogContent>
          <ProblemsList problems={problems.length ? problems : (found ?? [])} allGood="No problems found." />
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setFound(null)}>Close</Button>
        </DialogActions>
      </Dialog>
      <ConfirmDialog
        open={stopping}
        title={`Stop “${segment.name}”?`}
        confirmLabel="Stop the segment"
        danger
        busy={busy}
        onConfirm={stop}
        onClose={() => setStopping(false)}
      >
        Its members are not kept up to date any more. Live journeys that use it go on with those it has.
      </ConfirmDialog>
    </>
  );
}
