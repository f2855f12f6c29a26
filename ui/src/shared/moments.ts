/** A moment with its zone, from what stands in an input in the reader's own; null when it is none. */
export function readMoment(text: string): string | null {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** A moment as an input shows it in the reader's own zone; nothing when it is none. */
export function showMoment(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** "26 Nov 2026, 10:00 in Europe/Berlin", or nothing where the zone's clocks are the reader's own or it is unknown. */
export function describeElsewhere(moment: string | null | undefined, zone: string | undefined): string {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!moment || !zone || zone === here) {
    return "";
  }
  try {
    const there = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: zone });
    return `${there.format(new Date(moment))} in ${zone.replaceAll("_", " ")}`;
  } catch {
    return ""; // no such zone, or not a moment yet
  }
}
