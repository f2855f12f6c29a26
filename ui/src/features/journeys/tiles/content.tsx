import { TextField } from "@mui/material";
import { CalendarDays, ClipboardList, FileText, ListChecks } from "lucide-react";
import type { TileOf } from "../definition";
import type { EditProps, TileView } from "./view";

/** Pages, forms, events and surveys: people pass them at once, and later tiles can ask about the record. */
const page: TileView<"page"> = {
  kind: "page",
  label: "Page",
  purpose: "Name a page that later tiles can ask about",
  icon: FileText,
  colour: "info",
  make: (id) => ({ id, kind: "page", name: "", description: "", page_id: null, next: null }),
  Summary: ({ tile }: { tile: TileOf<"page"> }) => <>{describe("page", tile.page_id)}</>,
  Edit: ({ tile, change }: EditProps<"page">) => (
    <NumberField what="page" value={tile.page_id} onChange={(page_id) => change({ ...tile, page_id })} />
  ),
};

const form: TileView<"form"> = {
  kind: "form",
  label: "Form",
  purpose: "Name a form that later tiles can ask about",
  icon: ClipboardList,
  colour: "info",
  make: (id) => ({ id, kind: "form", name: "", description: "", form_id: null, next: null }),
  Summary: ({ tile }: { tile: TileOf<"form"> }) => <>{describe("form", tile.form_id)}</>,
  Edit: ({ tile, change }: EditProps<"form">) => (
    <NumberField what="form" value={tile.form_id} onChange={(form_id) => change({ ...tile, form_id })} />
  ),
};

const event: TileView<"event"> = {
  kind: "event",
  label: "Event",
  purpose: "Name an event that later tiles can ask about",
  icon: CalendarDays,
  colour: "info",
  make: (id) => ({ id, kind: "event", name: "", description: "", event_id: null, next: null }),
  Summary: ({ tile }: { tile: TileOf<"event"> }) => <>{describe("event", tile.event_id)}</>,
  Edit: ({ tile, change }: EditProps<"event">) => (
    <NumberField what="event" value={tile.event_id} onChange={(event_id) => change({ ...tile, event_id })} />
  ),
};

const survey: TileView<"survey"> = {
  kind: "survey",
  label: "Survey",
  purpose: "Name a survey that later tiles can ask about",
  icon: ListChecks,
  colour: "info",
  make: (id) => ({ id, kind: "survey", name: "", description: "", survey_id: null, next: null }),
  Summary: ({ tile }: { tile: TileOf<"survey"> }) => <>{describe("survey", tile.survey_id)}</>,
  Edit: ({ tile, change }: EditProps<"survey">) => (
    <NumberField
      what="survey"
      value={tile.survey_id}
      onChange={(survey_id) => change({ ...tile, survey_id })}
    />
  ),
};

export const CONTENT = { page, form, event, survey };

function describe(what: string, id: number | null): string {
  return id === null ? `No ${what} chosen yet` : `${what[0]?.toUpperCase()}${what.slice(1)} ${id}`;
}

interface NumberProps {
  what: string;
  value: number | null;
  onChange: (value: number | null) => void;
  /** What follows from it. */
  then?: string;
  /** Without explanation, where there are several in a row. */
  brief?: boolean;
}

const THEN = "People pass here at once; later if/then tiles can ask about it.";

/** A page, form, event or survey, by the number under which what people do there is recorded. */
export function NumberField({ what, value, onChange, then = THEN, brief = false }: NumberProps) {
  return (
    <TextField
      label={`Number of the ${what}`}
      type="number"
      value={value ?? ""}
      onChange={(change) => onChange(Number(change.target.value) || null)}
      helperText={brief ? undefined : `The one under which what people do there is recorded. ${then}`}
      slotProps={{ htmlInput: { min: 1 } }}
      fullWidth
    />
  );
}
