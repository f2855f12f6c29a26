import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNotify } from "react-admin";
import type { Problem } from "@/shared/errors";
import { ApiError, sentenceOf } from "@/shared/errors";

interface Act {
  busy: boolean;
  /** What the last act was refused for. */
  problems: Problem[];
  /** The sentence with which the last act was refused, to be shown where the notification is not seen: in a dialog. */
  refusal: string;
  /** Do something; on success say `done` and refresh everything shown. Returns undefined when it was refused. */
  act: <T>(work: () => Promise<T>, done?: string) => Promise<T | undefined>;
}

/** Run a command against the server: a busy sign, a sentence at the end, fresh data afterwards. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problem[]>([]);
  const [refusal, setRefusal] = useState("");
  const notify = useNotify();
  const cache = useQueryClient();

  async function act<T>(work: () => Promise<T>, done?: string): Promise<T | undefined> {
    setBusy(true);
    setProblems([]);
    setRefusal("");
    try {
      const result = await work();
      if (done) notify(done, { type: "success" });
      await cache.invalidateQueries();
      return result;
    } catch (error) {
      if (error instanceof ApiError) setProblems(error.problems);
      setRefusal(sentenceOf(error));
      notify(sentenceOf(error), { type: "error", autoHideDuration: 8000 });
      return undefined;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problems, refusal, act };
}
