import { Button } from "@mui/material";
import { LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { call } from "@/shared/http";
import type { Email, EmailTemplateRow } from "@/shared/model";
import { useAct } from "@/shared/useAct";
import { TemplateGallery } from "./TemplateGallery";

/** Makes a draft from a template that is chosen in the gallery. */
export function ChooseTemplate() {
  const [open, setOpen] = useState(false);
  const { busy, act } = useAct();
  const redirect = useRedirect();
  async function choose(template: EmailTemplateRow) {
    const path = `/email-templates/${template.id}/emails`;
    const made = await act(() => call<Email>(path, { method: "POST", body: {} }));
    if (made) redirect("edit", "emails", made.id);
  }
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<LayoutTemplate size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Choose a template
      </Button>
      <TemplateGallery open={open} busy={busy} onChoose={choose} onClose={() => setOpen(false)} />
    </>
  );
}
