import type { Condition, Rule, Tile } from "../definition";

type About = "email" | "page" | "form" | "event" | "survey" | "channel";

/** What a rule can ask: of what kind of thing, and how it reads. */
export const CONDITIONS: Record<Condition, { about: About; label: string }> = {
  delivered: { about: "email", label: "was delivered" },
  opened: { about: "email", label: "was opened" },
  clicked: { about: "email", label: "was clicked (any link)" },
  clicked_link: { about: "email", label: "had a certain link clicked" },
  hard_bounced: { about: "email", label: "bounced hard" },
  soft_bounced: { about: "email", label: "bounced softly" },
  page_visited: { about: "page", label: "had its page visited" },
  page_submitted: { about: "page", label: "had its page submitted" },
  form_visited: { about: "form", label: "had its form visited" },
  form_submitted: { about: "form", label: "had its form submitted" },
  event_registered: { about: "event", label: "brought a registration for its event" },
  event_attended: { about: "event", label: "brought an attendance at its event" },
  survey_answered: { about: "survey", label: "had its survey answered" },
  responded: { about: "channel", label: "brought a response" },
};

/** Rules about these name no record: the tile itself does. */
export const RECORDLESS: About[] = ["email", "channel"];

/** What rules may ask about a tile, with the records that it leads to. */
export function answersOf(tile: Tile | undefined): Partial<Record<About, number[]>> {
  if (!tile) return {};
  if (tile.kind === "page") return { page: known(tile.page_id) };
  if (tile.kind === "form") return { form: known(tile.form_id) };
  if (tile.kind === "event") return { event: known(tile.event_id) };
  if (tile.kind === "survey") return { survey: known(tile.survey_id) };
  if (tile.kind === "custom_channel") return { channel: known(tile.channel_id) };
  if (tile.kind !== "email") return {};
  const found: Partial<Record<About, number[]>> = { email: known(tile.email_id) };
  for (const element of tile.elements) {
    found[element.kind] = [...(found[element.kind] ?? []), ...known(element.record_id)];
  }
  return found;
}

/** The conditions that a tile can answer. */
export function conditionsOf(tile: Tile | undefined): Condition[] {
  const answers = answersOf(tile);
  return (Object.keys(CONDITIONS) as Condition[]).filter((key) => CONDITIONS[key].about in answers);
}

/** A rule about a tile, with the first condition and record that fit. */
export function makeRule(tile: Tile | undefined, condition?: Condition): Rule {
  const fitting = conditionsOf(tile);
  const chosen = condition && fitting.includes(condition) ? condition : (fitting[0] ?? "opened");
  const preferred = condition === undefined && fitting.includes("opened") ? "opened" : chosen;
  const { about } = CONDITIONS[preferred];
  const element_id = RECORDLESS.includes(about) ? null : (answersOf(tile)[about]?.[0] ?? null);
  return {
    source: tile?.id ?? null,
    condition: preferred,
    link: null,
    variant: "a",
    element_id,
    response: null,
    keyword: null,
  };
}

function known(id: number | null): number[] {
  return id === null ? [] : [id];
}
