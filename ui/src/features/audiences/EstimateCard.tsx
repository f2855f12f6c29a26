import { Alert, Box, CircularProgress, Typography } from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { sentenceOf } from "@/shared/errors";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { Estimate } from "@/shared/model";
import { Section } from "@/shared/Section";
import type { Catalogue } from "./fields";
import { countRules, type Group, isComplete } from "./rules";

const PAUSE_MS = 500;
const SHOWN = 6;

/** The value as it was when it last stayed the same for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** How many contacts the conditions select just now, and some of them. It follows every change. */
export function EstimateCard({
  group,
  timeZone,
  catalogue,
}: {
  group: Group;
  timeZone: string;
  catalogue: Catalogue;
}) {
  const asked = useSettled(JSON.stringify({ definition: group, time_zone: timeZone }));
  const question = JSON.parse(asked) as { definition: Group; time_zone: string };
  const isReady = countRules(question.definition) > 0 && isComplete(question.definition, catalogue.needsOf);
  const estimate = useQuery({
    queryKey: ["estimate", asked],
    queryFn: ({ signal }) => call<Estimate>("/segments/estimate", { method: "POST", body: question, signal }),
    enabled: isReady,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Section title="Estimate" sx={{ position: { lg: "sticky" }, top: 16 }}>
      {!isReady && (
        <Typography color="textSecondary">Complete the conditions to see whom they select.</Typography>
      )}
      {isReady && estimate.error && <Alert severity="warning">{sentenceOf(estimate.error)}</Alert>}
      {isReady && estimate.data && !estimate.error && (
        <Box role="status" sx={{ opacity: estimate.isFetching ? 0.6 : 1 }}>
          <Typography variant="h1" component="p" sx={{ fontVariantNumeric: "tabular-nums" }}>
            {formatCount(estimate.data.size, "contact")}
          </Typography>
          <Typography variant="body2" color="textSecondary" sx={{ mb: 2 }}>
            would be members now
          </Typography>
          {estimate.data.sample.slice(0, SHOWN).map((person) => (
            <Box key={person.id} sx={{ py: 0.75, borderTop: 1, borderColor: "divider" }}>
              <Typography variant="body2" sx={{ fontWeight: 550 }}>
                {person.name || "No name"}
              </Typography>
              <Typography variant="caption" color="textSecondary">
                {person.email}
              </Typography>
            </Box>
          ))}
        </Box>
      )}
      {isReady && estimate.isPending && <CircularProgress size={20} aria-label="Estimating" />}
    </Section>
  );
}
