import { useQuery } from "@tanstack/react-query";
import { call } from "@/shared/http";
import type { GlossaryEntry } from "@/shared/model";

/** What each number means, by its key; the same sentences as in the reference. */
export function useGlossary(): Map<string, GlossaryEntry> {
  const { data } = useQuery({
    queryKey: ["glossary"],
    queryFn: () => call<GlossaryEntry[]>("/insights/glossary"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return new Map(data?.map((entry) => [entry.key, entry]));
}
