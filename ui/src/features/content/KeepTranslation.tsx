import { Button, TextField } from "@mui/material";
import { LayoutTemplate, MailPlus } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { Email, EmailTemplateRow } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";

interface Props {
  source: string;
  kind: "html" | "mjml";
  /** What the old template's file was called; nothing: it was pasted. */
  name: string;
}

type What = "email" | "template";

/** Makes a draft email or an email template of a translated text. */
export function KeepTranslation({ source, kind, name: first }: Props) {
  const [asking, setAsking] = useState<What | null>(null);
  const [name, setName] = useState(first);
  const mayEdit = useMay("edit");
  const redirect = useRedirect();
  const { busy, refusal, act } = useAct();
  async function keep() {
    const body = { name, source, source_kind: kind };
    if (asking === "email") {
      const made = await act(() => call<Email>("/emails", { method: "POST", body }), "It is a draft now.");
      if (made) redirect("edit", "emails", made.id);
      return;
    }
    const path = "/email-templates";
    const made = await act(
      () => call<EmailTemplateRow>(path, { method: "POST", body }),
      "Saved. New emails can begin with it.",
    );
    if (made) setAsking(null);
  }
  if (!mayEdit) return null;
  return (
    <>
      <Button
        color="inherit"
        startIcon={<LayoutTemplate size={16} aria-hidden />}
        onClick={() => setAsking("template")}
      >
        Make a template
      </Button>
      <Button
        variant="contained"
        startIcon={<MailPlus size={16} aria-hidden />}
        onClick={() => setAsking("email")}
      >
        Make an email
      </Button>
      <ConfirmDialog
        open={asking !== null}
        title={asking === "email" ? "Make an email of it" : "Make a template of it"}
        confirmLabel={asking === "email" ? "Make the email" : "Save the template"}
        busy={busy}
        refusal={refusal}
        disabled={name.trim() === ""}
        onConfirm={keep}
        onClose={() => setAsking(null)}
      >
        <TextField
          fullWidth
          autoFocus
          required
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          sx={{ mt: 0.5 }}
        />
      </ConfirmDialog>
    </>
  );
}
