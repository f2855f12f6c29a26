import { Button } from "@mui/material";
import {
  CircleStop,
  Copy,
  FlaskConical,
  LayoutTemplate,
  ListChecks,
  Pencil,
  Rocket,
  Send,
} from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Email } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { QuickSend } from "@/shared/quick_send/QuickSend";
import { useAct } from "@/shared/useAct";
import { CheckDialog } from "./CheckDialog";
import { SampleDialog } from "./SampleDialog";
import { SaveAsTemplateDialog } from "./SaveAsTemplateDialog";
import { TestSendDialog } from "./TestSendDialog";

type Asking = "check" | "go-live" | "stop" | "template" | "test" | "try" | null;

const PUBLISHABLE = new Set(["draft", "live_editable", "stopped"]);

/** What one can do with an email in its present state. */
export function EmailCommands({ email }: { email: Email }) {
  const [asking, setAsking] = useState<Asking>(null);
  const mayEdit = useMay("edit");
  const mayGoLive = useMay("go_live");
  const { busy, act } = useAct();
  const redirect = useRedirect();
  const post = (command: string) => call<Email>(`/emails/${email.id}/${command}`, { method: "POST" });
  const isLive = email.status === "live" || email.status === "live_editable";

  async function copy() {
    const made = await act(() => post("copy"), "Copied as a draft.");
    if (made) redirect("edit", "emails", made.id);
  }
  async function stop() {
    await act(() => post("stop"), "The email is stopped.");
    setAsking(null);
  }

  return (
    <>
      {mayEdit && (
        <Button color="inherit" startIcon={<Copy size={16} aria-hidden />} disabled={busy} onClick={copy}>
          Copy
        </Button>
      )}
      {mayEdit && (
        <Button
          color="inherit"
          startIcon={<LayoutTemplate size={16} aria-hidden />}
          onClick={() => setAsking("template")}
        >
          Make a template
        </Button>
      )}
      {mayEdit && email.status === "live" && (
        <Button
          color="inherit"
          startIcon={<Pencil size={16} aria-hidden />}
          disabled={busy}
          onClick={() => act(() => post("edit"))}
        >
          Edit
        </Button>
      )}
      <Button
        color="inherit"
        startIcon={<ListChecks size={16} aria-hidden />}
        onClick={() => setAsking("check")}
      >
        Check
      </Button>
      {mayEdit && (
        <Button
          color="inherit"
          startIcon={<FlaskConical size={16} aria-hidden />}
          onClick={() => setAsking("try")}
        >
          Try it out
        </Button>
      )}
      {mayEdit && email.content_type === "default" && (
        <Button color="inherit" startIcon={<Send size={16} aria-hidden />} onClick={() => setAsking("test")}>
          Test send
        </Button>
      )}
      {email.status !== "expired" && <QuickSend emailId={email.id} />}
      {mayGoLive && isLive && (
        <Button
          color="error"
          variant="outlined"
          startIcon={<CircleStop size={16} aria-hidden />}
          onClick={() => setAsking("stop")}
        >
          Stop
        </Button>
      )}
      {mayGoLive && PUBLISHABLE.has(email.status) && (
        <Button
          variant="contained"
          startIcon={<Rocket size={16} aria-hidden />}
          onClick={() => setAsking("go-live")}
        >
          Go live
        </Button>
      )}
      <CheckDialog
        email={email}
        mode={asking === "go-live" ? "go-live" : "check"}
        open={asking === "check" || asking === "go-live"}
        onClose={() => setAsking(null)}
      />
      <SampleDialog email={email} open={asking === "try"} onClose={() => setAsking(null)} />
      <SaveAsTemplateDialog email={email} open={asking === "template"} onClose={() => setAsking(null)} />
      <TestSendDialog email={email} open={asking === "test"} onClose={() => setAsking(null)} />
      <ConfirmDialog
        open={asking === "stop"}
        title={`Stop “${email.name}”?`}
        confirmLabel="Stop the email"
        danger
        busy={busy}
        onConfirm={stop}
        onClose={() => setAsking(null)}
      >
        No new journey can use it. Live journeys go on with the version they began with.
      </ConfirmDialog>
    </>
  );
}
