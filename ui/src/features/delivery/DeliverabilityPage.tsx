import {
  Alert,
  Box,
  CircularProgress,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart } from "@/shared/Chart";
import { sentenceOf } from "@/shared/errors";
import { Freshness } from "@/shared/Freshness";
import { formatNumber, formatRatio } from "@/shared/format";
import { call } from "@/shared/http";
import type { Series } from "@/shared/LineChart";
import type { Deliverability, DomainArrivals } from "@/shared/model";
import { NumberCard } from "@/shared/NumberCard";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { sayRate } from "./judged_rates";

/** How well mails arrive: bounces and complaints against the limits that mailbox providers hold. */
export function DeliverabilityPage() {
  const { data, error, isPending } = useQuery({
    queryKey: ["deliverability"],
    queryFn: () => call<Deliverability>("/insights/deliverability"),
  });
  return (
    <>
      <PageHeader
        title="Deliverability"
        subtitle="The last thirty days of all mails together: mailbox providers judge a sender as one. Attempts on suppressed addresses are not sent, so they are not among these numbers."
      />
      {isPending && <CircularProgress size={22} aria-label="Counting" />}
      {error && <Alert severity="error">{sentenceOf(error)}</Alert>}
      {data && data.total.sent === 0 && (
        <Alert severity="info">
          Nothing has been sent in the last thirty days. Once mails leave, their bounces and complaints are
          watched here.
        </Alert>
      )}
      {data && data.total.sent > 0 && <Numbers found={data} />}
    </>
  );
}

function Numbers({ found }: { found: Deliverability }) {
  const bounces = sayRate("bounces", found.bounces);
  const complaints = sayRate("complaints", found.complaints);
  const series = useMemo(
    () => [
      line(found, "Sent", "sky", "sent"),
      line(found, "Hard bounces", "red", "hard_bounces"),
      line(found, "Other bounces", "gold", "other_bounces"),
      line(found, "Complaints", "lapis", "complaints"),
    ],
    [found],
  );
  return (
    <>
      <Alert severity={bounces.severity} sx={{ mb: 1.5 }}>
        {bounces.sentence}
      </Alert>
      <Alert severity={complaints.severity} sx={{ mb: 3 }}>
        {complaints.sentence}
      </Alert>
      <Box
        component="section"
        aria-label="Main numbers"
        sx={{
          display: "grid",
          gap: 2,
          mb: 3,
          gridTemplateColumns: { xs: "repeat(2, minmax(0, 1fr))", lg: "repeat(4, minmax(0, 1fr))" },
        }}
      >
        <NumberCard label="Sent" value={found.total.sent} />
        <NumberCard
          label="Delivered"
          value={found.total.delivered}
          note={`${formatRatio(found.total.delivered / found.total.sent)} of those sent`}
        />
        <NumberCard
          label="Hard bounces"
          value={found.total.hard_bounces}
          note={`${formatRatio(found.bounces.rate)} of those sent`}
        />
        <NumberCard
          label="Complaints"
          value={found.total.complaints}
          note={`${formatRatio(found.complaints.rate)} of those delivered`}
        />
      </Box>
      <Section title="By the day" description="Days are those of UTC.">
        <Chart label="Line chart of mails, bounces and complaints by the day" series={series} byDay />
      </Section>
      <Section title="By the domain of recipients" description="Those that most mails went to.">
        <Domains domains={found.domains} />
      </Section>
      <Freshness asOf={found.as_of} isLive={false} />
    </>
  );
}

type Key = "sent" | "hard_bounces" | "other_bounces" | "complaints";

function line(found: Deliverability, name: string, colour: Series["colour"], key: Key): Series {
  return { name, colour, points: found.days.map((day): [string, number] => [day.day, day[key]]) };
}

function Domains({ domains }: { domains: DomainArrivals[] }) {
  return (
    <Box sx={{ overflowX: "auto" }}>
      <Table size="small" aria-label="Results by the domain of recipients">
        <TableHead>
          <TableRow>
            <TableCell>Domain</TableCell>
            {["Sent", "Delivered", "Hard bounces", "Other bounces", "Complaints"].map((name) => (
              <TableCell key={name} align="right">
                {name}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {domains.map((each) => (
            <TableRow key={each.domain}>
              <TableCell component="th" scope="row" sx={{ overflowWrap: "anywhere" }}>
                {each.domain || "Without an address"}
              </TableCell>
              <Amount value={each.sent} />
              <Amount value={each.delivered} of={each.sent} />
              <Amount value={each.hard_bounces} of={each.sent} />
              <Amount value={each.other_bounces} of={each.sent} />
              <Amount value={each.complaints} of={each.delivered} />
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function Amount({ value, of }: { value: number; of?: number }) {
  return (
    <TableCell align="right" sx={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
      {formatNumber(value)}
      {of !== undefined && of > 0 && value > 0 && (
        <Typography component="span" variant="caption" color="textSecondary">
          {" "}
          ({formatRatio(value / of)})
        </Typography>
      )}
    </TableCell>
  );
}
