import { useQuery } from "@tanstack/react-query";
import { useGetOne } from "react-admin";
import { type Problem, sentenceOf } from "@/shared/errors";
import { call } from "@/shared/http";
import type { Email, EmailCheck } from "@/shared/model";

interface Readiness {
  isReady: boolean;
  /** What there is to say of the email; empty: nothing. */
  sentence: string;
  severity: "info" | "success" | "error";
  problems: Problem[];
}

const LIVE = "live";

/** Whether an email may be sent now: a live one as it is, any other when its check finds no error. */
export function useReadiness(emailId: number | null): Readiness {
  const email = useGetOne<Email & { id: number }>(
    "emails",
    { id: emailId ?? 0 },
    { enabled: emailId !== null },
  );
  const { status, updated_at } = email.data ?? {};
  const isLive = status === LIVE;
  const check = useQuery({
    queryKey: ["email-check", emailId, updated_at],
    queryFn: () => call<EmailCheck>(`/emails/${emailId}/check`, { method: "POST" }),
    enabled: emailId !== null && status !== undefined && !isLive,
    gcTime: 0,
    retry: false,
  });
  if (emailId === null) return say("Choose the email to send.");
  const error = email.error ?? check.error;
  if (error) return say(sentenceOf(error), "error");
  if (status === "expired") return say("This email is out of use. Copy it to send it again.", "error");
  if (isLive) return { ...say("Its live version is sent.", "success"), isReady: true };
  if (!check.data) return say("The email is being checked…");
  const { problems } = check.data;
  if (problems.some((problem) => problem.severity === "error"))
    return { ...say("It cannot be sent before its errors are mended.", "error"), problems };
  const saved = "It goes live as it was saved last, and is sent then.";
  return { ...say(saved), problems, isReady: true };
}

function say(sentence: string, severity: Readiness["severity"] = "info"): Readiness {
  return { isReady: false, sentence, severity, problems: [] };
}
