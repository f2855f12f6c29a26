import { Box, Paper, Typography } from "@mui/material";
import { ArrowRight, CircleCheck, Circle as CircleIcon } from "lucide-react";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { Section } from "@/shared/Section";

interface Step {
  resource: string;
  filter?: Record<string, string>;
  title: string;
  sentence: string;
  to: string;
}

const STEPS: Step[] = [
  {
    resource: "content-settings",
    filter: { status: "live" },
    title: "Say who you are",
    sentence: "Content settings hold the postal address that every mail must carry. Take them live.",
    to: "/content-settings",
  },
  {
    resource: "contacts",
    title: "Bring your contacts in",
    sentence: "Import a CSV file; rows that cannot be used come back with the reasons.",
    to: "/imports/create",
  },
  {
    resource: "segments",
    filter: { status: "live" },
    title: "Choose whom to reach",
    sentence: "Describe a segment by conditions and take it live.",
    to: "/segments",
  },
  {
    resource: "emails",
    filter: { status: "live" },
    title: "Write an email",
    sentence: "Write it, look at it as one of your contacts, and take it live.",
    to: "/emails",
  },
  {
    resource: "journeys",
    filter: { status: "live" },
    title: "Draw a journey",
    sentence: "Put the pieces together and watch the numbers move.",
    to: "/journeys",
  },
];

function useIsDone(step: Step): boolean | undefined {
  const { total } = useGetList(step.resource, {
    ...(step.filter ? { filter: step.filter } : {}),
    pagination: { page: 1, perPage: 1 },
    sort: { field: "id", order: "ASC" },
  });
  return total === undefined ? undefined : total > 0;
}

/** What is still to be set up, in order; gone when everything is. */
export function NextSteps() {
  const done = [
    useIsDone(STEPS[0] as Step),
    useIsDone(STEPS[1] as Step),
    useIsDone(STEPS[2] as Step),
    useIsDone(STEPS[3] as Step),
    useIsDone(STEPS[4] as Step),
  ];
  if (done.includes(undefined) || !done.includes(false)) return null;
  const next = done.indexOf(false);
  return (
    <Section title="Next steps" description="From an empty Senet to a journey that runs.">
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0, display: "grid", gap: 1 }}>
        {STEPS.map((step, number) => (
          <StepRow key={step.resource} step={step} isDone={done[number] ?? false} isNext={number === next} />
        ))}
      </Box>
    </Section>
  );
}

function StepRow({ step, isDone, isNext }: { step: Step; isDone: boolean; isNext: boolean }) {
  return (
    <Paper
      component="li"
      variant="outlined"
      sx={{
        borderColor: isNext ? "primary.main" : "divider",
        bgcolor: isNext ? "action.hover" : "transparent",
      }}
    >
      <Box
        component={Link}
        to={step.to}
        sx={{
          display: "flex",
          alignItems: "center",
          gap: 1.5,
          p: 1.5,
          color: "inherit",
          textDecoration: "none",
        }}
      >
        <Box sx={{ color: isDone ? "success.main" : "text.disabled", display: "inline-flex" }}>
          {isDone ? <CircleCheck size={20} aria-label="Done" /> : <CircleIcon size={20} aria-label="To do" />}
        </Box>
        <Box sx={{ flex: 1 }}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {step.title}
          </Typography>
          {!isDone && (
            <Typography variant="body2" color="textSecondary">
              {step.sentence}
            </Typography>
          )}
        </Box>
        {!isDone && <ArrowRight size={17} aria-hidden />}
      </Box>
    </Paper>
  );
}
