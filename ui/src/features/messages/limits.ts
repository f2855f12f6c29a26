import type { SendingLimits } from "@/shared/model";

type Rules = Partial<SendingLimits>;

const PERIODS = [
  ["per_day", "24 hours"],
  ["per_week", "7 days"],
  ["per_month", "30 days"],
] as const;

/** What limits mean for people, in sentences. */
export function describeLimits(limits: Rules): string {
  const caps = PERIODS.flatMap(([name, period]) => {
    const most = Number(limits[name] ?? 0);
    return most > 0 ? [`${most} commercial ${most === 1 ? "mail" : "mails"} in ${period}`] : [];
  });
  const sentences = [
    caps.length > 0
      ? `Nobody gets more than ${caps.join(", nor more than ")}. ${describeDelay(limits)}`
      : "People get every commercial mail, however many there are.",
  ];
  if (limits.quiet_from && limits.quiet_until) {
    sentences.push(
      `None is sent between ${limits.quiet_from} and ${limits.quiet_until} by the person's own clock; it waits until then, or is blocked where it expires before.`,
    );
  } else sentences.push("They come at any hour.");
  sentences.push("Transactional mails are neither limited nor counted.");
  return sentences.join(" ");
}

function describeDelay(limits: Rules): string {
  if (limits.delays === false) return "What comes beyond that is blocked.";
  return `What comes beyond that waits until it is allowed; a mail that would expire before, or wait for more than ${limits.longest_delay_hours ?? 72} hours, is blocked.`;
}
