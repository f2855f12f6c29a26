import { Button } from "@mui/material";
import { LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { TemplateGallery } from "./TemplateGallery";
import { useBeginEmail } from "./useBeginEmail";

/** Makes a draft from a template that is chosen in the gallery. */
export function ChooseTemplate() {
  const [open, setOpen] = useState(false);
  const { busy, begin } = useBeginEmail();
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<LayoutTemplate size={16} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Choose a template
      </Button>
      <TemplateGallery
        open={open}
        busy={busy}
        onChoose={({ id }) => begin(id)}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
