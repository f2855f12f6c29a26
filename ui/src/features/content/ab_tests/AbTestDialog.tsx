import { Box, MenuItem, Slider, TextField, Typography } from "@mui/material";
import { useEffect, useState } from "react";
import { CodeArea } from "@/shared/CodeArea";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { call } from "@/shared/http";
import type { AbTest, Email } from "@/shared/model";
import { ProblemsList } from "@/shared/ProblemsList";
import { useAct } from "@/shared/useAct";

interface Props {
  email: Email;
  /** Absent: a new one. */
  test?: AbTest;
  open: boolean;
  onClose: () => void;
}

type Values = Pick<
  AbTest,
  | "name"
  | "kind"
  | "subject"
  | "preheader"
  | "from_name"
  | "source"
  | "percent"
  | "metric"
  | "duration_minutes"
  | "inconclusive"
>;

const MINUTES_AN_HOUR = 60;

function begin(email: Email, test?: AbTest): Values {
  const { subject, preheader, from_name, source } = test ?? email;
  return {
    name: test?.name ?? "Version B",
    kind: test?.kind ?? "header",
    subject,
    preheader,
    from_name,
    source,
    percent: test?.percent ?? 20,
    metric: test?.metric ?? "clicks",
    duration_minutes: test?.duration_minutes ?? 24 * MINUTES_AN_HOUR,
    inconclusive: test?.inconclusive ?? "a",
  };
}

/** Version B and how it is tested. */
export function AbTestDialog({ email, test, open, onClose }: Props) {
  const [values, setValues] = useState(() => begin(email, test));
  const { busy, problems, act } = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins anew when it is opened, not while it is edited
  useEffect(() => {
    if (open) setValues(begin(email, test));
  }, [open]);
  const set = (changed: Partial<Values>) => setValues({ ...values, ...changed });
  async function save() {
    const saved = await act(
      () =>
        test
          ? call(`/ab-tests/${test.id}`, { method: "PATCH", body: values })
          : call(`/emails/${email.id}/ab-tests`, { method: "POST", body: values }),
      test ? "The test is saved." : "The test is made. Choose it in a journey's email tile.",
    );
    if (saved) onClose();
  }
  return (
    <ConfirmDialog
      open={open}
      title={test ? `A/B test “${test.name}”` : "New A/B test"}
      confirmLabel={test ? "Save the test" : "Make the test"}
      busy={busy}
      disabled={values.name.trim() === ""}
      onConfirm={save}
      onClose={onClose}
    >
      <Box sx={{ display: "grid", gap: 2, pt: 1 }}>
        <TextField label="Name" value={values.name} onChange={(event) => set({ name: event.target.value })} />
        <TextField
          select
          label="What is different in version B"
          value={values.kind}
          onChange={(event) => set({ kind: event.target.value as Values["kind"] })}
          helperText="Everything else stays the email's own in both versions."
        >
          <MenuItem value="header">Subject, preheader and from name</MenuItem>
          <MenuItem value="body">The body</MenuItem>
          <MenuItem value="whole">All of it</MenuItem>
        </TextField>
        <VersionB values={values} set={set} />
        <HowItIsTested values={values} set={set} />
        {problems.length > 0 && <ProblemsList problems={problems} />}
      </Box>
    </ConfirmDialog>
  );
}

interface PartProps {
  values: Values;
  set: (changed: Partial<Values>) => void;
}

function VersionB({ values, set }: PartProps) {
  return (
    <>
      {values.kind !== "body" && (
        <>
          <TextField
            label="Subject of B"
            value={values.subject}
            onChange={(event) => set({ subject: event.target.value })}
          />
          <TextField
            label="Preheader of B"
            value={values.preheader}
            onChange={(event) => set({ preheader: event.target.value })}
          />
          <TextField
            label="From name of B"
            value={values.from_name}
            onChange={(event) => set({ from_name: event.target.value })}
          />
        </>
      )}
      {values.kind !== "header" && (
        <CodeArea label="Body of B" value={values.source} onChange={(source) => set({ source })} />
      )}
    </>
  );
}

function HowItIsTested({ values, set }: PartProps) {
  return (
    <>
      <Box>
        <Typography id="ab-percent" variant="body2">
          In the test: {values.percent} % of the audience, half for each version
        </Typography>
        <Slider
          aria-labelledby="ab-percent"
          value={values.percent}
          min={2}
          max={100}
          step={2}
          onChange={(_, value) => set({ percent: Number(value) })}
        />
      </Box>
      <TextField
        select
        label="Decided by"
        value={values.metric}
        onChange={(event) => set({ metric: event.target.value as Values["metric"] })}
      >
        <MenuItem value="clicks">Click-through rate</MenuItem>
        <MenuItem value="opens">Open rate</MenuItem>
      </TextField>
      <TextField
        label="Hours until it is decided"
        type="number"
        value={values.duration_minutes / MINUTES_AN_HOUR}
        onChange={(event) =>
          set({ duration_minutes: Math.max(1, Math.round(Number(event.target.value) * MINUTES_AN_HOUR)) })
        }
        helperText="24 or more are advised."
      />
      <TextField
        select
        label="When neither is clearly better, the others get"
        value={values.inconclusive}
        onChange={(event) => set({ inconclusive: event.target.value as Values["inconclusive"] })}
      >
        <MenuItem value="a">Version A</MenuItem>
        <MenuItem value="b">Version B</MenuItem>
        <MenuItem value="random">Either, by lot</MenuItem>
      </TextField>
    </>
  );
}
