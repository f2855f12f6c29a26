import { Box, Button, Typography } from "@mui/material";
import { Upload, Users } from "lucide-react";
import { DataTable, useListContext } from "react-admin";
import { Link } from "react-router-dom";
import { COUNTRIES, nameCountry } from "@/shared/countries";
import { formatDate, formatRelative } from "@/shared/format";
import { useMay } from "@/shared/permissions";
import { MOST_PEOPLE, QuickSend } from "@/shared/quick_send/QuickSend";
import { ResourceList } from "@/shared/ResourceList";
import { YesNo } from "@/shared/YesNo";

const YES_NO = [
  { value: "true", label: "yes" },
  { value: "false", label: "no" },
];
const CONSENT = ["0", "1", "2", "3", "4", "5"].map((level) => ({ value: level, label: level }));
const FILTERS = [
  {
    name: "country",
    label: "Country",
    choices: COUNTRIES.map(({ id, name }) => ({ value: id, label: name })),
  },
  { name: "active", label: "Active", choices: YES_NO },
  { name: "consent_level", label: "Consent", choices: CONSENT },
];
const HIDDEN = [
  "first_name",
  "language",
  "mobile_phone",
  "tracking_allowed",
  "active",
  "created_at",
  "updated_at",
  "external_id",
];

export function ContactList() {
  const mayEdit = useMay("edit");
  const mayGoLive = useMay("go_live");
  return (
    <ResourceList
      title="Contacts"
      noun="contact"
      icon={Users}
      createLabel="New contact"
      emptySentence="Import a CSV file to bring everybody in at once, or add the first person by hand."
      searchLabel="Search by name or email"
      exportable
      filters={FILTERS}
      hiddenColumns={HIDDEN}
      bulkActions={mayGoLive && <SendToChosen />}
      moreActions={
        mayEdit && (
          <Button
            component={Link}
            to="/imports/create"
            color="inherit"
            startIcon={<Upload size={18} aria-hidden />}
          >
            Import
          </Button>
        )
      }
    >
      <DataTable.Col
        source="name"
        render={(record) => <Name name={record.name} note={record.active ? "" : "inactive"} />}
      />
      <DataTable.Col source="first_name" label="First name" />
      <DataTable.Col source="email" />
      <DataTable.Col source="company_name" label="Company" disableSort />
      <DataTable.Col source="city" />
      <DataTable.Col source="country" render={(record) => nameCountry(record.country)} />
      <DataTable.Col source="language" disableSort />
      <DataTable.Col source="mobile_phone" label="Mobile phone" disableSort />
      <DataTable.NumberCol source="consent_level" label="Consent" />
      <DataTable.Col
        source="do_not_email"
        label="May be emailed"
        disableSort
        render={(record) => <YesNo value={!record.do_not_email} />}
      />
      <DataTable.Col
        source="tracking_allowed"
        label="Tracking"
        disableSort
        render={(record) => <YesNo value={record.tracking_allowed} />}
      />
      <DataTable.Col source="active" disableSort render={(record) => <YesNo value={record.active} />} />
      <DataTable.Col source="external_id" label="External id" disableSort />
      <DataTable.Col source="created_at" label="Created" render={(record) => formatDate(record.created_at)} />
      <DataTable.Col
        source="updated_at"
        label="Changed"
        render={(record) => formatRelative(record.updated_at)}
      />
    </ResourceList>
  );
}

/** Sends an email to the people who are chosen in the list. */
function SendToChosen() {
  const { selectedIds } = useListContext();
  const isTooMany = selectedIds.length > MOST_PEOPLE;
  return (
    <QuickSend
      color="primary"
      contactIds={selectedIds.map(Number)}
      disabled={isTooMany}
      label={isTooMany ? `Quick send: at most ${MOST_PEOPLE} people` : "Quick send"}
    />
  );
}

function Name({ name, note }: { name: string; note: string }) {
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "baseline" }}>
      <Typography component="span" sx={{ fontSize: "inherit", fontWeight: 570 }}>
        {name || "–"}
      </Typography>
      {note && (
        <Typography variant="caption" color="textSecondary">
          {note}
        </Typography>
      )}
    </Box>
  );
}
