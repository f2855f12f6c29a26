import type { JudgedRate } from "@/shared/model";

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 2 }); // limits are tenths of one

interface Said {
  severity: "success" | "info" | "warning" | "error";
  sentence: string;
}

const WORDS = {
  bounces: {
    what: "hard bounces",
    of: "mails",
    advice:
      "Mail only addresses that people gave you, and ask those for a sign of life who have not opened for long.",
  },
  complaints: {
    what: "complaints",
    of: "delivered mails",
    advice: "Make it easy to unsubscribe, write less often, and ask for consent with a confirmation mail.",
  },
};

/** Say how a rate stands to its limit, and what to do about it. */
export function sayRate(kind: keyof typeof WORDS, judged: JudgedRate): Said {
  const { what, of, advice } = WORDS[kind];
  const rate = `${percent.format(judged.rate ?? 0)} of ${of} are ${what}`;
  const limit = percent.format(judged.limit);
  switch (judged.state) {
    case "good":
      return {
        severity: "success",
        sentence: `${rate}; it should stay under ${percent.format(judged.watched)}.`,
      };
    case "watch":
      return {
        severity: "warning",
        sentence: `${rate}. From ${limit} on providers block senders. ${advice}`,
      };
    case "over_the_limit":
      return {
        severity: "error",
        sentence: `${rate}: more than the ${limit} at which providers block senders. Pause bulk journeys. ${advice}`,
      };
    default:
      return { severity: "info", sentence: `There are too few mails yet to judge ${what} by.` };
  }
}
