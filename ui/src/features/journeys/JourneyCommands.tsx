import { Button } from "@mui/material";
import { CircleStop, Pencil, Rocket, Theater } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { Link } from "react-router-dom";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Journey } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";
import { GoLiveDialog } from "./GoLiveDialog";
import { MoreCommands } from "./MoreCommands";

type Asking = "go-live" | "stop" | null;

const EDITABLE = new Set(["draft", "live_editable", "stopped", "error"]);

/** What one can do with a journey in its present state. */
export function JourneyCommands({ journey, onForm = false }: { journey: Journey; onForm?: boolean }) {
  const [asking, setAsking] = useState<Asking>(null);
  const mayEdit = useMay("edit");
  const mayGoLive = useMay("go_live");
  const { busy, act } = useAct();
  const redirect = useRedirect();
  const isEditable = EDITABLE.has(journey.status);

  async function edit() {
    const opened = await act(() => call(`/journeys/${journey.id}/edit`, { method: "POST" }));
    if (opened !== undefined) redirect("edit", "journeys", journey.id);
  }
  async function stop() {
    await act(
      () => call(`/journeys/${journey.id}/stop`, { method: "POST" }),
      "The journey is stopped. Everybody stays where they are.",
    );
    setAsking(null);
  }

  return (
    <>
      {mayEdit && <MoreCommands journey={journey} />}
      <Button
        color="inherit"
        startIcon={<Theater size={16} aria-hidden />}
        component={Link}
        to={`/journeys/${journey.id}/rehearsals`}
      >
        Rehearse
      </Button>
      {mayEdit && !onForm && isEditable && (
        <Button
          color="inherit"
          startIcon={<Pencil size={16} aria-hidden />}
          component={Link}
          to={`/journeys/${journey.id}`}
        >
          Edit
        </Button>
      )}
      {mayEdit && journey.status === "live" && (
        <Button color="inherit" startIcon={<Pencil size={16} aria-hidden />} disabled={busy} onClick={edit}>
          Edit
        </Button>
      )}
      {mayGoLive && (journey.status === "live" || journey.status === "live_editable") && (
        <Button
          variant="outlined"
          color="error"
          startIcon={<CircleStop size={16} aria-hidden />}
          onClick={() => setAsking("stop")}
        >
          Stop
        </Button>
      )}
      {mayGoLive && isEditable && (
        <Button
          variant="contained"
          startIcon={<Rocket size={16} aria-hidden />}
          onClick={() => setAsking("go-live")}
        >
          Go live
        </Button>
      )}
      <GoLiveDialog journey={journey} open={asking === "go-live"} onClose={() => setAsking(null)} />
      <ConfirmDialog
        open={asking === "stop"}
        title={`Stop “${journey.name}”?`}
        confirmLabel="Stop the journey"
        danger
        busy={busy}
        onConfirm={stop}
        onClose={() => setAsking(null)}
      >
        Nobody enters any more and nobody moves on: everybody stays at their tile and no more messages are
        made. You can take the journey live again before its end.
      </ConfirmDialog>
    </>
  );
}
