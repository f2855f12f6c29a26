import { Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { formatNumber, formatRatio } from "@/shared/format";
import { call } from "@/shared/http";
import type { EmailOverview, EmailRow } from "@/shared/model";
import { Section } from "@/shared/Section";

const COLUMNS = ["sent", "delivery_rate", "open_rate", "click_through_rate", "unsubscribe_rate"];
const LABELS = ["Sent", "Delivered", "Opened", "Clicked", "Unsubscribed"];

/** The emails that were changed last and their rates. */
export function RecentEmails() {
  const { data } = useGetList<EmailRow & { id: number }>("emails", {
    filter: { status: "live" },
    sort: { field: "updated_at", order: "DESC" },
    pagination: { page: 1, perPage: 5 },
  });
  if (!data?.length) return null;
  return (
    <Section title="Recent emails" flush>
      <Table aria-label="Recent emails">
        <TableHead>
          <TableRow>
            <TableCell>Email</TableCell>
            {LABELS.map((label) => (
              <TableCell key={label} align="right">
                {label}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {data.map((email) => (
            <EmailResults key={email.id} email={email} />
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}

function EmailResults({ email }: { email: EmailRow }) {
  const { data } = useQuery({
    queryKey: ["email-overview", email.id, "home"],
    queryFn: ({ signal }) => call<EmailOverview>(`/insights/emails/${email.id}/overview`, { signal }),
    refetchInterval: 10_000,
    retry: false,
  });
  const byKey = new Map(data?.kpis.map((kpi) => [kpi.key, kpi]));
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        <Link to={`/emails/${email.id}/insights`} style={{ color: "inherit", fontWeight: 570 }}>
          {email.name}
        </Link>
      </TableCell>
      {COLUMNS.map((key) => {
        const kpi = byKey.get(key);
        return (
          <TableCell key={key} align="right">
            {kpi?.unit === "ratio" ? formatRatio(kpi.value) : formatNumber(kpi?.value)}
          </TableCell>
        );
      })}
    </TableRow>
  );
}
