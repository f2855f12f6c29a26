import { Link as MuiLink } from "@mui/material";
import { MailX } from "lucide-react";
import { DataTable } from "react-admin";
import { Link } from "react-router-dom";
import { formatDate, formatNumber, formatRelative } from "@/shared/format";
import type { Suppression } from "@/shared/model";
import { ResourceList } from "@/shared/ResourceList";
import { StatusChip } from "@/shared/StatusChip";
import { SuppressButton } from "./SuppressButton";
import { CATEGORIES, CAUSES, choicesOf } from "./words";

const FILTERS = [
  { name: "cause", label: "Reason", choices: choicesOf(CAUSES) },
  { name: "category", label: "Category", choices: choicesOf(CATEGORIES) },
  {
    name: "state",
    label: "State",
    choices: [
      { value: "active", label: "Not written to" },
      { value: "over", label: "Over or released" },
    ],
  },
];

/** Whether a suppression holds, was ended by somebody, or has ended by itself. */
export function stateOf({ released_at, until }: Pick<Suppression, "released_at" | "until">): string {
  if (released_at) return "released";
  return until && new Date(until) <= new Date() ? "over" : "suppressed";
}

export function describeEnd(until: string | null): string {
  return until ? formatDate(until) : "For ever";
}

/** Who is not written to, and why. */
export function SuppressionList() {
  return (
    <ResourceList
      title="Suppressed addresses"
      noun="address"
      nouns="addresses"
      icon={MailX}
      emptySentence="Nobody is suppressed. Addresses come here by themselves after bounces and complaints; suppress one by hand when somebody asks for it."
      searchLabel="Search by address or domain"
      filters={FILTERS}
      moreActions={<SuppressButton />}
      rowClick="show"
      sort={{ field: "since", order: "DESC" }}
    >
      <DataTable.Col
        source="key"
        label="Address"
        render={(record) => (
          <MuiLink component={Link} to={`/suppressions/${record.id}/show`} color="inherit" underline="hover">
            {record.key}
          </MuiLink>
        )}
      />
      <DataTable.Col
        source="cause"
        label="Reason"
        disableSort
        render={(record) => CAUSES[record.cause] ?? record.cause}
      />
      <DataTable.Col
        source="category"
        disableSort
        render={(record) => CATEGORIES[record.category] ?? record.category}
      />
      <DataTable.Col source="since" render={(record) => formatRelative(record.since)} />
      <DataTable.Col source="until" render={(record) => describeEnd(record.until)} />
      <DataTable.NumberCol
        source="times"
        label="How often"
        disableSort
        render={(record) => formatNumber(record.times)}
      />
      <DataTable.Col
        label="State"
        disableSort
        render={(record) => <StatusChip status={stateOf(record as unknown as Suppression)} />}
      />
    </ResourceList>
  );
}
