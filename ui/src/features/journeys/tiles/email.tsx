import { Box, Button, FormControlLabel, IconButton, MenuItem, Switch, TextField } from "@mui/material";
import { Mail, Plus, Trash2 } from "lucide-react";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { EmailTile } from "../definition";
import { NumberField } from "./content";
import { AbTestSwitch, BestHourSwitch } from "./email_sending";
import type { EditProps, TileView } from "./view";
import { WindowField } from "./windows";

function Summary({ tile }: { tile: EmailTile }) {
  return <RecordName resource="emails" id={tile.email_id} missing="No email chosen yet" />;
}

function Edit({ tile, change }: EditProps<"email">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <RecordPicker
        resource="emails"
        label="Email to send"
        value={tile.email_id}
        onChange={(email_id) => change({ ...tile, email_id, ab_test_id: null })}
        helperText="It must be live before the journey goes live."
      />
      <RecordLinks resource="emails" noun="email" id={tile.email_id} />
      <AbTestSwitch
        emailId={tile.email_id}
        value={tile.ab_test_id}
        onChange={(ab_test_id) => change({ ...tile, ab_test_id })}
      />
      <BestHourSwitch
        checked={tile.automated_schedule}
        onChange={(automated_schedule) => change({ ...tile, automated_schedule })}
      />
      <WindowField
        label="Send only at certain times"
        help="Outside of them people wait here until the next allowed moment."
        value={tile.schedule}
        onChange={(schedule) => change({ ...tile, schedule })}
      />
      <TextField
        label="Expires at"
        type="datetime-local"
        value={tile.expires_at?.slice(0, 16) ?? ""}
        onChange={(event) => change({ ...tile, expires_at: event.target.value || null })}
        helperText="Who comes later passes without the mail. Leave it empty for never."
        slotProps={{ inputLabel: { shrink: true } }}
        fullWidth
      />
      <FormControlLabel
        control={
          <Switch
            checked={tile.bypass_deduplication}
            onChange={(event) => change({ ...tile, bypass_deduplication: event.target.checked })}
          />
        }
        label="Send to everybody, also where several people share an address"
      />
      <Elements elements={tile.elements} onChange={(elements) => change({ ...tile, elements })} />
    </Box>
  );
}

type Element = EmailTile["elements"][number];

/** The pages, forms, events and surveys that the email leads to, so that later tiles can ask about them. */
function Elements({ elements, onChange }: { elements: Element[]; onChange: (elements: Element[]) => void }) {
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      {elements.map((element, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no identity of their own
        <Box key={at} sx={{ display: "flex", gap: 1, alignItems: "flex-end" }}>
          <TextField
            select
            label="Leads to a"
            value={element.kind}
            onChange={(event) =>
              onChange(
                elements.map((each, number) =>
                  number === at ? { ...each, kind: event.target.value as Element["kind"] } : each,
                ),
              )
            }
            sx={{ minWidth: 110 }}
          >
            <MenuItem value="page">page</MenuItem>
            <MenuItem value="form">form</MenuItem>
            <MenuItem value="event">event</MenuItem>
            <MenuItem value="survey">survey</MenuItem>
          </TextField>
          <NumberField
            what={element.kind}
            value={element.record_id}
            onChange={(record_id) =>
              onChange(elements.map((each, number) => (number === at ? { ...each, record_id } : each)))
            }
            brief
          />
          <IconButton
            aria-label="Remove what the email leads to"
            onClick={() => onChange(elements.filter((_, number) => number !== at))}
          >
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </Box>
      ))}
      <Box>
        <Button
          size="small"
          startIcon={<Plus size={16} aria-hidden />}
          onClick={() => onChange([...elements, { kind: "page", record_id: null }])}
        >
          Add what it leads to
        </Button>
      </Box>
    </Box>
  );
}

export const email: TileView<"email"> = {
  kind: "email",
  label: "Email",
  purpose: "Send each person an email",
  icon: Mail,
  colour: "info",
  make: (id) => ({
    id,
    kind: "email",
    name: "",
    description: "",
    email_id: null,
    schedule: null,
    automated_schedule: false,
    expires_at: null,
    ab_test_id: null,
    bypass_deduplication: false,
    elements: [],
    next: null,
  }),
  Summary,
  Edit,
};
