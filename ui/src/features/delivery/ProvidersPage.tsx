import { Alert, Box, CircularProgress, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "@/shared/errors";
import { Facts } from "@/shared/Facts";
import { formatNumber } from "@/shared/format";
import { useHealth } from "@/shared/health";
import { call } from "@/shared/http";
import type { Provider, Providers } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { WarmUpChart } from "./WarmUpChart";

const REFRESH_MS = 5000;

interface State {
  name: string;
  paused_seconds: number;
  trouble: string;
}

/** What mails leave through: the order in which providers are asked, their rates, and how each does just now. */
export function ProvidersPage() {
  const providers = useQuery({
    queryKey: ["providers"],
    queryFn: () => call<Providers>("/providers"),
    refetchInterval: REFRESH_MS,
  });
  const states = useStates();
  const items = providers.data?.items ?? [];
  return (
    <>
      <PageHeader
        title="Providers"
        subtitle="A mail goes to the first provider that serves its from domain and works; while one fails, the next takes over."
      />
      {providers.isPending && <CircularProgress size={22} aria-label="Loading the providers" />}
      {providers.error && <Alert severity="error">{sentenceOf(providers.error)}</Alert>}
      {items.map((provider, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their order is what they are known by
        <ProviderSection key={number} place={number + 1} provider={provider} state={states?.[number]} />
      ))}
      {providers.data && <Limits providers={providers.data} />}
      <Typography variant="body2" color="textSecondary">
        Providers are set by the settings SENET_PROVIDERS and SENET_SMTP_URL of the installation; a change is
        seen after a restart.
      </Typography>
    </>
  );
}

/** How each does, as the sender says that was heard last; nothing while no sender runs. */
function useStates(): State[] | undefined {
  const { data } = useHealth();
  const told = data?.components.senders?.providers;
  return Array.isArray(told) ? (told as State[]) : undefined;
}

interface ProviderProps {
  place: number;
  provider: Provider;
  state: State | undefined;
}

function ProviderSection({ place, provider, state }: ProviderProps) {
  return (
    <Section title={`${place}. ${provider.name}`} actions={<StatusChip status={judge(state)} />}>
      {state?.trouble && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {state.trouble}
          {state.paused_seconds > 0 && ` It is tried again in ${Math.ceil(state.paused_seconds)} seconds.`}
        </Alert>
      )}
      <Facts
        facts={[
          ["From domains", provider.domains.length > 0 ? provider.domains.join(", ") : "All"],
          [
            "Rate",
            provider.rate ? `${formatNumber(provider.rate)} mails a second` : "As fast as it takes them",
          ],
        ]}
      />
      {provider.warm_up && (
        <Box sx={{ mt: 2 }}>
          <WarmUpChart plan={provider.warm_up} name={provider.name} />
        </Box>
      )}
    </Section>
  );
}

function judge(state: State | undefined): string {
  if (!state) return "no_sender_runs";
  return state.paused_seconds > 0 || state.trouble ? "paused" : "working";
}

function Limits({ providers }: { providers: Providers }) {
  const rates = Object.entries(providers.domain_rates);
  return (
    <Section title="Limits of all providers together">
      <Facts
        facts={[
          [
            "To recipient domains",
            rates.length > 0
              ? rates.map(([domain, rate]) => `${domain}: ${formatNumber(rate)} a second`).join(", ")
              : "No limit",
          ],
          [
            "In a month",
            providers.monthly_mails ? `${formatNumber(providers.monthly_mails)} mails` : "No limit",
          ],
        ]}
      />
    </Section>
  );
}
