import { Button } from "@mui/material";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import type { Problem } from "@/shared/errors";
import { call } from "@/shared/http";
import type { Journey } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { describePlace } from "./places";

/** Check for errors at any time, without going live. It checks what is saved. */
export function CheckPanel({ journey }: { journey: Journey }) {
  const [found, setFound] = useState<Problem[] | null>(null);
  const { busy, act } = useAct();
  async function check() {
    const answer = await act(() =>
      call<{ problems: Problem[] }>(`/journeys/${journey.id}/check`, { method: "POST" }),
    );
    if (answer) setFound(answer.problems);
  }
  return (
    <Section
      title="Check for errors"
      description="Finds everything that keeps the journey from going live, in what was saved last."
      actions={
        <Button
          variant="outlined"
          startIcon={<ListChecks size={16} aria-hidden />}
          loading={busy}
          onClick={check}
        >
          Check
        </Button>
      }
    >
      {found && (
        <ProblemsList
          problems={found}
          allGood="No problems found. The journey can go live."
          describePlace={(where) => describePlace(where, journey.definition)}
        />
      )}
    </Section>
  );
}
