import { Alert, Button, MenuItem, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useGetList } from "react-admin";
import { sentenceOf } from "@/shared/errors";
import { call } from "@/shared/http";
import type { AllSendingLimits, SendingLimits } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { LimitsForm } from "./LimitsForm";

const SUBTITLE = "How often people get commercial mail, and at what hours.";

/** Frequency cap and quiet hours: of the installation, or of a business unit that has its own. */
export function SendingLimitsPage() {
  const [unit, setUnit] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["sending-limits"],
    queryFn: ({ signal }) => call<AllSendingLimits>("/sending-limits", { signal }),
  });
  return (
    <>
      <PageHeader title="Sending limits" subtitle={SUBTITLE} />
      {error && <Alert severity="error">{sentenceOf(error)}</Alert>}
      {data && <Scope limits={data} unit={unit} onChange={setUnit} />}
    </>
  );
}

interface ScopeProps {
  limits: AllSendingLimits;
  /** 0: the installation. */
  unit: number;
  onChange: (unit: number) => void;
}

function Scope({ limits, unit, onChange }: ScopeProps) {
  const units = useGetList("business-units", {
    pagination: { page: 1, perPage: 100 },
    sort: { field: "name", order: "ASC" },
  });
  const own = limits.business_units.find((each) => each.business_unit_id === unit);
  const shown: SendingLimits = own ?? limits.installation;
  return (
    <>
      <Section title="Whose limits">
        <TextField
          select
          label="Limits of"
          value={unit}
          onChange={(event) => onChange(Number(event.target.value))}
          helperText="A business unit's own limits hold for its contacts, instead of the installation's."
          fullWidth
        >
          <MenuItem value={0}>The whole installation</MenuItem>
          {units.data?.map((each) => (
            <MenuItem key={each.id} value={Number(each.id)}>
              {String(each.name)}
            </MenuItem>
          ))}
        </TextField>
        {unit !== 0 && <OwnLimits unit={unit} hasOwn={own !== undefined} />}
      </Section>
      <LimitsForm key={`${unit} ${shown.updated_at}`} limits={shown} unit={unit} />
    </>
  );
}

function OwnLimits({ unit, hasOwn }: { unit: number; hasOwn: boolean }) {
  const mayAdminister = useMay("administer");
  const { act, busy } = useAct();
  if (!hasOwn) {
    return (
      <Alert severity="info" sx={{ mt: 2 }}>
        The installation's limits hold here. Save to give the unit its own.
      </Alert>
    );
  }
  const forget = () =>
    act(
      () => call(`/sending-limits/${unit}`, { method: "DELETE" }),
      "The installation's limits hold for the unit again.",
    );
  return (
    <Button sx={{ mt: 2 }} disabled={busy || !mayAdminister} onClick={forget}>
      Use the installation's limits
    </Button>
  );
}
