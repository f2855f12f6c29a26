import { Button } from "@mui/material";
import { Undo2 } from "lucide-react";
import { useRedirect } from "react-admin";
import { call } from "@/shared/http";
import type { Journey } from "@/shared/model";
import { useAct } from "@/shared/useAct";
import { JourneyCommands } from "./JourneyCommands";

/** The commands on a journey's form: also the way back from editing a live one. */
export function EditCommands({ journey }: { journey: Journey }) {
  const { busy, act } = useAct();
  const redirect = useRedirect();
  async function cancel() {
    const done = await act(
      () => call(`/journeys/${journey.id}/cancel-edit`, { method: "POST" }),
      "The changes are dropped.",
    );
    if (done !== undefined) redirect("show", "journeys", journey.id);
  }
  return (
    <>
      {journey.status === "live_editable" && (
        <Button color="inherit" startIcon={<Undo2 size={16} aria-hidden />} disabled={busy} onClick={cancel}>
          Cancel edit
        </Button>
      )}
      <JourneyCommands journey={journey} onForm />
    </>
  );
}
