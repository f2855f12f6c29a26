import { Box, Chip, Typography } from "@mui/material";
import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { CopyButton } from "@/shared/CopyButton";
import type { DnsRecord } from "@/shared/model";
import { Section } from "@/shared/Section";

const PURPOSES: Record<string, string> = {
  dkim: "DKIM",
  dkim_ed25519: "DKIM, second key",
  dmarc: "DMARC",
  bounce_mx: "Return paths: mail server",
  bounce_spf: "Return paths: SPF",
};

/** A value with a remark in brackets is to be written by its reader. */
const NEEDS_WORDS = /\(.*\)/;

const FINDINGS = {
  confirmed: { words: "Is there", icon: CircleCheck, colour: "success.main" },
  missing: { words: "Not found", icon: CircleAlert, colour: "error.main" },
  different: { words: "Says something else", icon: TriangleAlert, colour: "warning.main" },
  unknown: { words: "Not known yet", icon: CircleHelp, colour: "text.secondary" },
};

/** What the domain's owner publishes, record by record, and what the DNS said when it was asked last. */
export function DnsRecords({ records }: { records: DnsRecord[] }) {
  if (records.length === 0) return null;
  return (
    <Section
      title="Records to publish"
      description="Enter these at whoever keeps the domain’s DNS. They may take an hour to be seen everywhere."
    >
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 2 }}>
        {records.map((record) => (
          <RecordItem key={record.purpose} record={record} />
        ))}
      </Box>
    </Section>
  );
}

function RecordItem({ record }: { record: DnsRecord }) {
  const { words, icon: Icon, colour } = FINDINGS[record.finding];
  const called = PURPOSES[record.purpose] ?? record.purpose;
  return (
    <Box
      component="li"
      aria-label={called}
      sx={{ border: 1, borderColor: "divider", borderRadius: 2, p: { xs: 1.5, sm: 2 } }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, mb: 0.5 }}>
        <Typography component="h3" variant="h3">
          {called}
        </Typography>
        <Chip size="small" variant="outlined" label={record.kind} />
        {!record.required && <Chip size="small" variant="outlined" label="Recommended" />}
        <Box
          sx={{ ml: "auto", display: "flex", alignItems: "center", gap: 0.75, color: colour, fontSize: 13 }}
        >
          <Icon size={16} aria-hidden />
          <span>{words}</span>
        </Box>
      </Box>
      <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
        {record.words}
      </Typography>
      <Copyable label="Name" value={record.name} what={`name of the ${called} record`} />
      <Copyable label="Value" value={record.value} what={`value of the ${called} record`} />
    </Box>
  );
}

function Copyable({ label, value, what }: { label: string; value: string; what: string }) {
  return (
    <Box
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "1fr auto", sm: "48px minmax(0, 1fr) 92px" },
        alignItems: "start",
        columnGap: 1,
        py: 0.25,
      }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ pt: 0.6 }}>
        {label}
      </Typography>
      <Box
        component="code"
        sx={{
          gridArea: { xs: "2 / 1 / 3 / 3", sm: "auto" },
          px: 1,
          py: 0.6,
          borderRadius: 1,
          bgcolor: "background.default",
          fontSize: 12.5,
          overflowWrap: "anywhere",
        }}
      >
        {value}
      </Box>
      {!NEEDS_WORDS.test(value) && <CopyButton value={value} what={what} />}
    </Box>
  );
}
