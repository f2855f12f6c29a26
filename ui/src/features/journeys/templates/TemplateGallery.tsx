import { Alert, Box, Paper, Typography } from "@mui/material";
import { Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { ListBase, useListContext } from "react-admin";
import { useNavigate } from "react-router-dom";
import { EmptyState } from "@/shared/EmptyState";
import { sentenceOf } from "@/shared/errors";
import { formatCount } from "@/shared/format";
import { type FilterSpec, ListFilters } from "@/shared/ListFilters";
import { ListPages } from "@/shared/ListPages";
import { nameLanguage } from "@/shared/languages";
import type { JourneyTemplate } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { GalleryCard, TemplateCard } from "./TemplateCard";
import { TemplateDialog } from "./TemplateDialog";
import { namePurpose, useChoices } from "./words";

const TARGETS = [
  { value: "contact", label: "Contacts" },
  { value: "company", label: "Companies" },
];
const ORIGINS = [
  { value: "true", label: "Come with Senet" },
  { value: "false", label: "Our own" },
];

/** Where a new journey begins: a blank one, or one of the templates. */
export function TemplateGallery() {
  return (
    <ListBase
      resource="journey-templates"
      sort={{ field: "name", order: "ASC" }}
      perPage={25}
      storeKey={false}
    >
      <PageHeader
        parent={{ label: "Journeys", to: "/journeys" }}
        title="New journey"
        subtitle="Choose what to begin with. Everything can be changed afterwards."
      />
      <Gallery />
    </ListBase>
  );
}

function useFilters(): FilterSpec[] {
  const { purposes, languages, tags } = useChoices();
  return [
    {
      name: "purpose",
      label: "Purpose",
      choices: purposes.map((value) => ({ value, label: namePurpose(value) })),
    },
    {
      name: "language",
      label: "Language",
      choices: languages.map((value) => ({ value, label: nameLanguage(value) })),
    },
    { name: "target", label: "Target", choices: TARGETS },
    { name: "tag", label: "Tag", choices: tags.map((value) => ({ value, label: value })) },
    { name: "shipped", label: "Origin", choices: ORIGINS },
  ];
}

function Gallery() {
  const { data, isPending, error, total, filterValues } = useListContext<JourneyTemplate & { id: number }>();
  const [opened, setOpened] = useState<number | null>(null);
  const filters = useFilters();
  const navigate = useNavigate();
  const isFiltered = Object.values(filterValues).some(Boolean);
  const template = data?.find((each) => each.id === opened);
  return (
    <>
      <Paper variant="outlined" sx={{ p: 1.5, mb: 2 }}>
        <ListFilters filters={filters} searchLabel="Search templates" />
      </Paper>
      {error && (
        <Alert severity="error" sx={{ mb: 2 }}>
          {sentenceOf(error)}
        </Alert>
      )}
      <Typography variant="body2" color="textSecondary" role="status" sx={{ mb: 1 }}>
        {isPending ? "Fetching the templates" : formatCount(total ?? 0, "template")}
      </Typography>
      <Box
        component="ul"
        aria-label="What to begin with"
        sx={{
          listStyle: "none",
          p: 0,
          m: 0,
          display: "grid",
          gap: 2,
          gridTemplateColumns: "repeat(auto-fill, minmax(290px, 1fr))",
        }}
      >
        {!isFiltered && (
          <GalleryCard
            picture={<Blank />}
            title="Blank journey"
            sentence="Begin with an audience and draw the rest yourself."
            onClick={() => navigate("/journeys/create/blank")}
          />
        )}
        {data?.map((each) => (
          <TemplateCard key={each.id} template={each} onOpen={() => setOpened(each.id)} />
        ))}
      </Box>
      {total === 0 && isFiltered && (
        <EmptyState
          icon={SearchX}
          title="No template matches"
          sentence="Take some of the filters away, or begin with a blank journey."
        />
      )}
      {(total ?? 0) > 25 && (
        <Paper variant="outlined" sx={{ mt: 2 }}>
          <ListPages />
        </Paper>
      )}
      {template && <TemplateDialog template={template} onClose={() => setOpened(null)} />}
    </>
  );
}

function Blank() {
  return (
    <Box sx={{ height: "100%", display: "grid", placeItems: "center" }}>
      <Box
        sx={{
          width: 52,
          height: 52,
          borderRadius: 3,
          border: 2,
          borderStyle: "dashed",
          borderColor: "text.disabled",
          color: "text.secondary",
          display: "grid",
          placeItems: "center",
        }}
      >
        <Plus size={24} aria-hidden />
      </Box>
    </Box>
  );
}
