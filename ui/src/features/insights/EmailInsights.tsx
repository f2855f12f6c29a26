import { Alert, Box, Button, LinearProgress } from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FilePenLine } from "lucide-react";
import { useState } from "react";
import { useGetOne } from "react-admin";
import { Link, useParams, useSearchParams } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { Freshness } from "@/shared/Freshness";
import { call } from "@/shared/http";
import type { EmailOverview } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { ALWAYS } from "@/shared/PeriodFilter";
import { StatusChip } from "@/shared/StatusChip";
import { BreakdownTable } from "./BreakdownTable";
import { InsightFilters } from "./InsightFilters";
import { KpiGrid } from "./KpiGrid";
import { ResponsesOverTime } from "./ResponsesOverTime";
import { BlockedReasons, SendResults } from "./SendResults";
import { TopLinks } from "./TopLinks";

const REFRESH_MS = 2000;

/** What became of an email: numbers, responses over time, links, results. It refreshes itself. */
export function EmailInsights() {
  const { id = "" } = useParams();
  const [parameters] = useSearchParams();
  const given = Number(parameters.get("journey")) || null;
  const [filters, setFilters] = useState({ period: ALWAYS, journey: given, verdict: "all" });
  const email = useGetOne("emails", { id });
  const query = { ...filters.period, journey_id: filters.journey, verdict: filters.verdict };
  const overview = useQuery({
    queryKey: ["email-overview", id, query],
    queryFn: ({ signal }) => call<EmailOverview>(`/insights/emails/${id}/overview`, { query, signal }),
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <>
      <PageHeader
        parent={{ label: "Emails", to: "/emails" }}
        title={email.data?.name ?? "Email"}
        status={<StatusChip status={email.data?.status} />}
        subtitle={email.data?.subject}
        actions={
          <Button
            component={Link}
            to={`/emails/${id}`}
            color="inherit"
            startIcon={<FilePenLine size={16} aria-hidden />}
          >
            Open the email
          </Button>
        }
      />
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 2, alignItems: "center", mb: 3 }}>
        <InsightFilters filters={filters} onChange={setFilters} />
        <Box sx={{ flex: 1 }} />
        <Freshness asOf={overview.data?.as_of} isLive error={overview.error} />
      </Box>
      {overview.isPending && <LinearProgress aria-label="Fetching the numbers" />}
      {overview.error && <Alert severity="error">{sentenceOf(overview.error)}</Alert>}
      {overview.data && <Blocks overview={overview.data} />}
    </>
  );
}

function Blocks({ overview }: { overview: EmailOverview }) {
  return (
    <>
      <KpiGrid kpis={overview.kpis} />
      <ResponsesOverTime responses={overview.responses} by={overview.responses_by} />
      <TopLinks links={overview.top_links} />
      <Box
        sx={{
          display: "grid",
          columnGap: 3,
          alignItems: "start",
          gridTemplateColumns: { xs: "1fr", lg: "1fr 1fr" },
        }}
      >
        <SendResults kpis={overview.kpis} />
        <BlockedReasons blocked={overview.blocked} />
        <BreakdownTable title="Recipient domains" noun="Domain" rows={overview.domains} />
        <BreakdownTable title="Countries of responses" noun="Country" rows={overview.countries} countries />
      </Box>
    </>
  );
}
