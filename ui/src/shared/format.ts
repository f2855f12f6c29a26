const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const dateTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const dateOnly = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const clock = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const moment = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const NOTHING = "–";

export function formatNumber(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : whole.format(value);
}

/** Format a ratio of 0 to 1. */
export function formatRatio(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : percent.format(value);
}

export function formatDateTime(value: string | null | undefined): string {
  return value ? dateTime.format(new Date(value)) : NOTHING;
}

export function formatDate(value: string | null | undefined): string {
  return value ? dateOnly.format(new Date(value)) : NOTHING;
}

/** A day without an hour, "2026-11-26", as it is called wherever it is read. */
export function formatDay(day: string): string {
  return dateOnly.format(new Date(`${day}T00:00:00`));
}

/** "Nov 21, 05:00": short enough for an axis. */
export function formatMoment(value: string): string {
  return moment.format(new Date(value));
}

export function formatClock(value: string | null | undefined): string {
  return value ? clock.format(new Date(value)) : NOTHING;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago", "in 2 days". */
export function formatRelative(value: string | null | undefined, now: number = Date.now()): string {
  if (!value) return NOTHING;
  const seconds = (new Date(value).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return Math.abs(seconds) < 10 ? "just now" : relative.format(Math.trunc(seconds), "second");
}

/** "1 contact", "2,000 contacts". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** "soft_bounced" → "Soft bounced". */
export function humanise(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
