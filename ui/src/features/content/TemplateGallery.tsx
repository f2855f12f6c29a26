import { Alert, Box, Button, Chip, Dialog, DialogContent, DialogTitle, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { sentenceOf } from "@/shared/errors";
import { API, call } from "@/shared/http";
import type { EmailTemplateRow } from "@/shared/model";
import { PreviewFrame } from "@/shared/PreviewFrame";

interface Page {
  items: EmailTemplateRow[];
}

interface Props {
  open: boolean;
  busy: boolean;
  onChoose: (template: EmailTemplateRow) => void;
  onClose: () => void;
}

/** What an email can begin with: the shipped templates and one's own, each as a sample contact would see it. */
export function TemplateGallery({ open, busy, onChoose, onClose }: Props) {
  const id = useId();
  const [label, setLabel] = useState<string | null>(null);
  const templates = useQuery({
    queryKey: ["email-templates"],
    queryFn: () => call<Page>("/email-templates", { query: { limit: 200, sort: "name" } }),
    enabled: open,
  });
  const all = templates.data?.items ?? [];
  const labels = [...new Set(all.flatMap((template) => template.labels))].sort();
  const shown = all.filter((template) => label === null || template.labels.includes(label));
  return (
    <Dialog open={open} onClose={onClose} maxWidth="lg" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>Begin with a template</DialogTitle>
      <DialogContent>
        {templates.error && <Alert severity="error">{sentenceOf(templates.error)}</Alert>}
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, mb: 2 }}>
          {[null, ...labels].map((each) => (
            <Chip
              key={each ?? ""}
              label={each ?? "All"}
              color={label === each ? "primary" : "default"}
              aria-pressed={label === each}
              onClick={() => setLabel(each)}
            />
          ))}
        </Box>
        <Box
          component="ul"
          sx={{
            listStyle: "none",
            p: 0,
            m: 0,
            display: "grid",
            gap: 2,
            gridTemplateColumns: "repeat(auto-fill, minmax(250px, 1fr))",
          }}
        >
          {shown.map((template) => (
            <TemplateCard key={template.id} template={template} busy={busy} onChoose={onChoose} />
          ))}
        </Box>
      </DialogContent>
    </Dialog>
  );
}

const WIDTH = 600;
const SCALE = 0.42;

function TemplateCard({
  template,
  busy,
  onChoose,
}: {
  template: EmailTemplateRow;
  busy: boolean;
  onChoose: (template: EmailTemplateRow) => void;
}) {
  return (
    <Box
      component="li"
      sx={{
        border: 1,
        borderColor: "divider",
        borderRadius: 2,
        overflow: "hidden",
        display: "flex",
        flexDirection: "column",
      }}
    >
      <Box sx={{ height: 210, overflow: "hidden", bgcolor: "#ffffff" }} aria-hidden>
        <PreviewFrame
          title={`Preview of ${template.name}`}
          tabIndex={-1}
          loading="lazy"
          src={`${API}/email-templates/${template.id}/preview.html`}
          style={{
            width: WIDTH,
            height: 210 / SCALE,
            transform: `scale(${SCALE})`,
            transformOrigin: "0 0",
            pointerEvents: "none",
          }}
        />
      </Box>
      <Box sx={{ p: 1.5, display: "flex", flexDirection: "column", gap: 0.5, flex: 1 }}>
        <Typography sx={{ fontWeight: 600 }}>{template.name}</Typography>
        <Typography variant="body2" color="textSecondary" sx={{ flex: 1 }}>
          {template.description}
        </Typography>
        <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.5 }}>
          {template.labels.map((label) => (
            <Chip key={label} size="small" variant="outlined" label={label} />
          ))}
        </Box>
        <Button
          variant="outlined"
          disabled={busy}
          aria-label={`Use this: ${template.name}`}
          onClick={() => onChoose(template)}
        >
          Use this
        </Button>
      </Box>
    </Box>
  );
}
