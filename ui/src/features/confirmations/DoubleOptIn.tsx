import { Alert, Box, Button, FormControlLabel, Link as MuiLink, Switch, TextField } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { Fields } from "@/shared/Fields";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { ConfirmationSettings } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ProblemsList } from "@/shared/ProblemsList";
import { useMay } from "@/shared/permissions";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordPicker } from "@/shared/RecordPicker";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { useAct } from "@/shared/useAct";

type Changes = Partial<ConfirmationSettings>;

const ASKS = { content_type: "confirmation_request" };
const NAMES: Record<string, string> = {
  subscription_email_id: "Email to confirm a list",
  consent_email_id: "Email to confirm consent",
  content_settings_id: "Content settings",
  subscription_thanks_url: "Page after confirming a list",
  consent_thanks_url: "Page after confirming consent",
};

/** How double opt-in works here: which emails ask, and where people go afterwards. */
export function DoubleOptIn() {
  const settings = useQuery({
    queryKey: ["confirmation-settings"],
    queryFn: () => call<ConfirmationSettings>("/confirmation-settings"),
  });
  return (
    <>
      <PageHeader
        title="Double opt-in"
        subtitle="Whoever joins a list or raises their consent is asked by a mail; nothing changes before they confirm."
        status={settings.data && <StatusChip status={settings.data.enabled ? "on" : "off"} />}
        actions={
          <Button
            color="inherit"
            component={Link}
            to="/confirmation-requests"
            startIcon={<ListChecks size={16} aria-hidden />}
          >
            What was asked for
          </Button>
        }
      />
      {settings.error && <Alert severity="error">{sentenceOf(settings.error)}</Alert>}
      {settings.data && <SettingsForm settings={settings.data} />}
    </>
  );
}

function SettingsForm({ settings }: { settings: ConfirmationSettings }) {
  const mayAdminister = useMay("administer");
  const [changes, setChanges] = useState<Changes>({});
  const { busy, problems, act } = useAct();
  const shown = { ...settings, ...changes };
  const change = (more: Changes) => setChanges({ ...changes, ...more });
  const describePlace = (where: string) => NAMES[where] ?? where;
  async function save(more: Changes = {}) {
    const body = { ...changes, ...more };
    const saved = await act(
      () => call<ConfirmationSettings>("/confirmation-settings", { method: "PATCH", body }),
      "Saved.",
    );
    if (saved) setChanges({});
  }
  return (
    <>
      {!settings.enabled && settings.subscription_email_id === null && (
        <Alert severity="info" sx={{ mb: 3 }}>
          Begin with{" "}
          <MuiLink component={Link} to="/emails/create">
            a new email
          </MuiLink>{" "}
          of the content type Confirmation request. Take it live, choose it below, and turn double opt-in on.
        </Alert>
      )}
      {settings.mails_held > 0 && settings.problems.length > 0 && (
        <Alert severity="warning" sx={{ mb: 3 }}>
          {formatCount(settings.mails_held, "confirmation mail waits", "confirmation mails wait")} until what
          is said below is mended.
        </Alert>
      )}
      {settings.problems.length > 0 && problems.length === 0 && (
        <Box sx={{ mb: 3 }}>
          <ProblemsList problems={settings.problems} describePlace={describePlace} />
        </Box>
      )}
      <Box component="fieldset" disabled={!mayAdminister} sx={{ border: 0, p: 0, m: 0, minWidth: 0 }}>
        <Section
          title="The emails that ask"
          description="Emails of the content type Confirmation request, taken live. One may serve for both."
        >
          <Fields columns={2}>
            <EmailPicker name="subscription_email_id" shown={shown} change={change} />
            <EmailPicker name="consent_email_id" shown={shown} change={change} />
            <RecordPicker
              resource="content-settings"
              label={NAMES.content_settings_id ?? ""}
              value={shown.content_settings_id}
              onChange={(id) => change({ content_settings_id: id })}
              disabled={!mayAdminister}
              helperText="None chosen: the default. While they are stopped, the mails wait."
            />
          </Fields>
        </Section>
        <Section title="Where people go afterwards" description="Empty: a page of Senet's that thanks.">
          <Fields columns={2}>
            <UrlField name="subscription_thanks_url" shown={shown} change={change} />
            <UrlField name="consent_thanks_url" shown={shown} change={change} />
          </Fields>
          <FormControlLabel
            control={
              <Switch
                checked={shown.centre_shows_consent}
                onChange={(event) => change({ centre_shows_consent: event.target.checked })}
              />
            }
            label="Let people see and choose their consent level in the subscription centre"
          />
        </Section>
      </Box>
      {problems.length > 0 && (
        <Box sx={{ mb: 3 }}>
          <ProblemsList problems={problems} describePlace={describePlace} />
        </Box>
      )}
      {mayAdminister ? (
        <Box sx={{ display: "flex", gap: 1 }}>
          <Button
            variant={settings.enabled ? "contained" : "outlined"}
            loading={busy}
            disabled={Object.keys(changes).length === 0}
            onClick={() => save()}
          >
            Save
          </Button>
          <Button
            variant={settings.enabled ? "outlined" : "contained"}
            color={settings.enabled ? "error" : "primary"}
            loading={busy}
            onClick={() => save({ enabled: !settings.enabled })}
          >
            {settings.enabled ? "Turn double opt-in off" : "Turn double opt-in on"}
          </Button>
        </Box>
      ) : (
        <Alert severity="info">Administrators set double opt-in up.</Alert>
      )}
    </>
  );
}

interface FieldProps<Name extends keyof ConfirmationSettings> {
  name: Name;
  shown: ConfirmationSettings;
  change: (more: Changes) => void;
}

function EmailPicker({ name, shown, change }: FieldProps<"subscription_email_id" | "consent_email_id">) {
  const mayAdminister = useMay("administer");
  return (
    <Box>
      <RecordPicker
        resource="emails"
        label={NAMES[name] ?? ""}
        value={shown[name]}
        onChange={(id) => change({ [name]: id })}
        filter={ASKS}
        disabled={!mayAdminister}
      />
      <RecordLinks resource="emails" noun="email" id={shown[name]} />
    </Box>
  );
}

function UrlField({ name, shown, change }: FieldProps<"subscription_thanks_url" | "consent_thanks_url">) {
  return (
    <TextField
      label={NAMES[name]}
      type="url"
      value={shown[name]}
      placeholder="https://"
      onChange={(event) => change({ [name]: event.target.value })}
      fullWidth
    />
  );
}
