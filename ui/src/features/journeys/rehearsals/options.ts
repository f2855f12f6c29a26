import type { components } from "@/api/schema";
import type { Assumption } from "@/shared/model";
import { showMoment } from "@/shared/moments";

type Schemas = components["schemas"];
export type Options = Schemas["RehearsalOptions"];
export type Change = Schemas["BehaviourChange"];

/** A rate as people type it, in per cent; a delay in hours. */
export const RATES = [
  { key: "open_rate", label: "Open", unit: "% of delivered" },
  { key: "click_rate", label: "Click", unit: "% of delivered" },
  { key: "unsubscribe_rate", label: "Unsubscribe", unit: "% of delivered" },
  { key: "hard_bounce_rate", label: "Hard bounce", unit: "% of sent" },
  { key: "soft_bounce_rate", label: "Soft bounce", unit: "% of sent" },
  { key: "block_bounce_rate", label: "Block bounce", unit: "% of sent" },
] as const;
export const DELAYS = [
  { key: "open_delay", label: "Opens after", unit: "hours, median" },
  { key: "click_delay", label: "Clicks after", unit: "hours, median" },
] as const;

export type RateKey = (typeof RATES)[number]["key"];
export type DelayKey = (typeof DELAYS)[number]["key"];
/** What somebody has typed over the default, as typed: by the tile, then by the value. */
export type Typed = Record<number, Partial<Record<RateKey | DelayKey, string>>>;

export interface Draft {
  days: string;
  people: string;
  seed: string;
  startAt: string;
  typed: Typed;
}

export const NEW_DRAFT: Draft = { days: "", people: "100000", seed: "1", startAt: "", typed: {} };

/** The draft that asks for the same again. What differs between people's delays is taken from what is assumed now. */
export function toDraft(options: Options): Draft {
  const typed: Typed = {};
  for (const [tile, change] of Object.entries(options.tiles ?? {})) {
    const texts: Typed[number] = {};
    for (const { key } of RATES) {
      const share = change[key];
      if (typeof share === "number") texts[key] = String(Number((share * 100).toFixed(4)));
    }
    for (const { key } of DELAYS) {
      const delay = change[key];
      if (delay) texts[key] = String(delay.median_hours);
    }
    typed[Number(tile)] = texts;
  }
  return {
    days: options.days ? String(options.days) : "",
    people: String(options.people ?? NEW_DRAFT.people),
    seed: String(options.seed ?? NEW_DRAFT.seed),
    startAt: showMoment(options.start_at ?? ""),
    typed,
  };
}

/** 0.2271 → "22.7", 0.0025 → "0.25": as many places as are worth saying. */
export function asPercent(share: number): string {
  const percent = share * 100;
  return String(Number(percent.toFixed(percent < 1 ? 2 : 1)));
}

export function asHours(hours: number): string {
  return String(Number(hours.toFixed(1)));
}

function readNumber(text: string, least: number, most: number): number | undefined {
  const value = Number(text.replace(",", "."));
  return text.trim() !== "" && value >= least && value <= most ? value : undefined;
}

/** Why what was typed cannot be a rate or a delay; nothing when it can. */
export function checkTyped(key: RateKey | DelayKey, text: string): string | undefined {
  if (text.trim() === "") return undefined;
  if (key.endsWith("_delay")) return readNumber(text, 0, 8760) === undefined ? "0 to 8,760 hours" : undefined;
  return readNumber(text, 0, 100) === undefined ? "0 to 100 %" : undefined;
}

export function isWhole(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}

/** What the API takes: only what differs from the defaults. */
export function toOptions(draft: Draft, assumptions: readonly Assumption[]): Partial<Options> {
  const tiles: Record<string, Change> = {};
  for (const { tile, behaviour } of assumptions) {
    const change = readChange(draft.typed[tile] ?? {}, behaviour);
    if (Object.keys(change).length) tiles[tile] = change;
  }
  return {
    people: Number(draft.people),
    seed: Number(draft.seed),
    ...(draft.days.trim() ? { days: Number(draft.days) } : {}),
    ...(draft.startAt ? { start_at: new Date(draft.startAt).toISOString() } : {}),
    ...(Object.keys(tiles).length ? { tiles } : {}),
  };
}

function readChange(typed: Typed[number], behaviour: Assumption["behaviour"]): Change {
  const change: Change = {};
  for (const { key } of RATES) {
    const percent = readNumber(typed[key] ?? "", 0, 100);
    if (percent !== undefined) change[key] = percent / 100;
  }
  for (const { key } of DELAYS) {
    const hours = readNumber(typed[key] ?? "", 0, 8760);
    if (hours !== undefined) change[key] = { median_hours: hours, spread: behaviour[key].spread };
  }
  return change;
}

/** Each source with the values that come from it, so that it is said once. */
export function listSources(assumptions: readonly Assumption[]): { source: string; values: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const { key, label } of [...RATES, ...DELAYS]) {
    for (const { sources } of assumptions) {
      const source = sources[key];
      if (source) found.set(source, (found.get(source) ?? new Set()).add(label.toLowerCase()));
    }
  }
  return [...found].map(([source, values]) => ({ source, values: [...values] }));
}

/** "literature: Mailchimp, …" → "literature": enough beside a number. */
export function shortSource(source: string | undefined): string {
  const word = /^(history|literature|given)/.exec(source ?? "")?.[1];
  return word === "given" ? "as given" : (word ?? "literature");
}
