import { Alert, Box, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@/shared/errors";
import { formatDateTime, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Standing } from "@/shared/model";
import { describeContact, RecordPicker } from "@/shared/RecordPicker";

const EMAIL_SORT = { field: "email", order: "ASC" as const };

/** Where one person stands in the journey, why, and the way they took. */
export function PersonFinder({ journeyId }: { journeyId: number }) {
  const [contact, setContact] = useState<number | null>(null);
  const standing = useQuery({
    queryKey: ["standing", journeyId, contact],
    queryFn: () => call<Standing>(`/journeys/${journeyId}/contacts/${contact}`),
    enabled: contact !== null,
    refetchInterval: 2000,
    retry: false,
  });
  return (
    <Box sx={{ px: 2.5, pb: 2.5 }}>
      <Typography variant="h2" sx={{ mb: 1 }}>
        Where is somebody?
      </Typography>
      <RecordPicker
        hideLabel
        resource="contacts"
        label="Find a contact"
        value={contact}
        describe={describeContact}
        sort={EMAIL_SORT}
        onChange={setContact}
      />
      {contact !== null && standing.error && <Alert severity="warning">{sentenceOf(standing.error)}</Alert>}
      {contact !== null && standing.data && <Way standing={standing.data} />}
    </Box>
  );
}

function Way({ standing }: { standing: Standing }) {
  return (
    <Box sx={{ mt: 1.5 }}>
      <Typography variant="body2" role="status">
        {standing.explanation}
      </Typography>
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0, mt: 1 }}>
        {standing.way.map((step) => (
          <Box
            component="li"
            key={`${step.iteration} ${step.tile}`}
            sx={{ py: 0.75, borderTop: 1, borderColor: "divider" }}
          >
            <Typography variant="body2" sx={{ fontWeight: 570 }}>
              {step.name || humanise(step.kind)}
              {step.branch_label && `: ${step.branch_label}`}
            </Typography>
            <Typography variant="caption" color="textSecondary" component="p">
              {formatDateTime(step.arrived_at)}
              {step.left_at === null ? ", still here" : ""}
              {step.outcome && step.outcome !== "processed" ? `, ${step.outcome}` : ""}
            </Typography>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
