import { Box, ButtonBase, Chip, Paper, Typography } from "@mui/material";
import type { ReactNode } from "react";
import { nameLanguage } from "@/shared/languages";
import type { JourneyTemplate } from "@/shared/model";
import { readDefinition } from "../definition";
import { FlowPicture } from "./FlowPicture";
import { namePurpose } from "./words";

const TARGETS = { contact: "For contacts", company: "For companies" };

/** What a template is for, in a few words: purpose, language, target, and whether it recurs. */
export function TemplateFacts({ template }: { template: JourneyTemplate }) {
  const facts = [
    namePurpose(template.purpose),
    nameLanguage(template.language),
    TARGETS[template.target],
    template.recurring && "Recurring",
    !template.shipped && "Our own",
  ];
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.75 }}>
      {facts.filter(Boolean).map((fact) => (
        <Chip key={String(fact)} size="small" variant="outlined" label={fact} />
      ))}
    </Box>
  );
}

/** A template in the gallery; choosing it opens it. */
export function TemplateCard({ template, onOpen }: { template: JourneyTemplate; onOpen: () => void }) {
  return (
    <GalleryCard
      picture={<FlowPicture definition={readDefinition(template.definition)} />}
      title={template.name}
      sentence={template.description}
      facts={<TemplateFacts template={template} />}
      onClick={onOpen}
    />
  );
}

interface CardProps {
  picture: ReactNode;
  title: string;
  sentence: string;
  facts?: ReactNode;
  onClick: () => void;
}

export function GalleryCard({ picture, title, sentence, facts, onClick }: CardProps) {
  return (
    <Paper
      component="li"
      variant="outlined"
      sx={{
        position: "relative",
        overflow: "hidden",
        display: "flex",
        flexDirection: "column",
        transition: "border-color 120ms, box-shadow 120ms",
        "&:hover": { borderColor: "primary.main", boxShadow: "0 2px 10px rgba(20, 24, 40, 0.08)" },
        "&:has(:focus-visible)": { outline: 2, outlineColor: "primary.main", outlineOffset: 2 },
      }}
    >
      <Box sx={{ height: 148, bgcolor: "background.default", borderBottom: 1, borderColor: "divider" }}>
        {picture}
      </Box>
      <Box sx={{ p: 2, flex: 1, display: "flex", flexDirection: "column", gap: 0.75 }}>
        <Typography variant="h2" component="h2">
          {/* Its area is the whole card. */}
          <ButtonBase
            onClick={onClick}
            sx={{
              font: "inherit",
              textAlign: "left",
              outline: "none",
              "&::after": { content: '""', position: "absolute", inset: 0 },
            }}
          >
            {title}
          </ButtonBase>
        </Typography>
        <Typography variant="body2" color="textSecondary" sx={{ flex: 1 }}>
          {sentence}
        </Typography>
        {facts && <Box sx={{ mt: 0.5 }}>{facts}</Box>}
      </Box>
    </Paper>
  );
}
