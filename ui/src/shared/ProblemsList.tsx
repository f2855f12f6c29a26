import { Alert, Box, Typography } from "@mui/material";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { Problem } from "@/shared/errors";
import { formatCount } from "@/shared/format";

const ICONS = { error: CircleAlert, warning: TriangleAlert };
const COLOURS = { error: "error.main", warning: "warning.main" };

interface Props {
  problems: Problem[];
  /** Shown when there is nothing to say. */
  allGood?: string;
  /** Turns a problem's place into words; nothing: the place as it is. */
  describePlace?: (where: string) => string;
}

/** Every finding of a check at once: what, where, and what to do about it. */
export function ProblemsList({
  problems,
  allGood = "No problems found.",
  describePlace = (where) => where,
}: Props) {
  if (problems.length === 0) {
    return (
      <Alert severity="success" icon={<CircleCheck size={20} aria-hidden />}>
        {allGood}
      </Alert>
    );
  }
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const others = problems.length - errors;
  return (
    <Box>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }} role="status">
        {[errors && formatCount(errors, "error"), others && formatCount(others, "remark")]
          .filter(Boolean)
          .join(", ")}
      </Typography>
      <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0, display: "grid", gap: 1 }}>
        {problems.map((problem, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity, and are replaced as a whole
          <ProblemItem key={number} problem={problem} place={describePlace(problem.where)} />
        ))}
      </Box>
    </Box>
  );
}

function ProblemItem({ problem, place }: { problem: Problem; place: string }) {
  const severity = problem.severity as keyof typeof ICONS;
  const Icon = ICONS[severity] ?? Info;
  return (
    <Box
      component="li"
      sx={{ display: "flex", gap: 1.25, p: 1.5, border: 1, borderColor: "divider", borderRadius: 2 }}
    >
      <Box sx={{ color: COLOURS[severity] ?? "info.main", pt: 0.25 }}>
        <Icon size={18} aria-label={problem.severity} />
      </Box>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ fontWeight: 550 }}>
          {problem.message}
        </Typography>
        {place && (
          <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: "anywhere" }}>
            {place}
          </Typography>
        )}
        {problem.advice && <Typography variant="body2">{problem.advice}</Typography>}
      </Box>
    </Box>
  );
}
