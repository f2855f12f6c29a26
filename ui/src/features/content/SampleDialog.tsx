import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { CheckedLink, Email, SampleRender } from "@/shared/model";
import { RecordPicker } from "@/shared/RecordPicker";
import { formatBytes } from "./AssetGrid";

interface Props {
  email: Email;
  open: boolean;
  onClose: () => void;
}

/** Tries what was saved last on some contacts, and asks its links: who would get nothing, what leads nowhere. */
export function SampleDialog({ email, open, onClose }: Props) {
  const id = useId();
  const [segment, setSegment] = useState<number | null>(null);
  const sample = useQuery({
    queryKey: ["email-sample", email.id, email.updated_at, segment],
    queryFn: () =>
      call<SampleRender>(`/emails/${email.id}/sample-render`, {
        method: "POST",
        body: { people: 200, segment_id: segment },
      }),
    enabled: open,
    gcTime: 0,
    retry: false,
  });
  const links = useQuery({
    queryKey: ["email-links-checked", email.id, email.updated_at],
    queryFn: () => call<CheckedLink[]>(`/emails/${email.id}/check-links`, { method: "POST" }),
    enabled: false,
    retry: false,
  });
  return (
    <Dialog open={open} onClose={onClose} fullWidth maxWidth="md" aria-labelledby={id}>
      <DialogTitle id={id}>Try it out</DialogTitle>
      <DialogContent>
        <Box sx={{ mt: 0.5, mb: 2 }}>
          <RecordPicker
            resource="segments"
            label="Of this segment"
            value={segment}
            onChange={setSegment}
            helperText="None chosen: some of all contacts."
          />
        </Box>
        {sample.error && <Alert severity="error">{sentenceOf(sample.error)}</Alert>}
        {sample.data && <Report report={sample.data} />}
        {links.error && <Alert severity="error">{sentenceOf(links.error)}</Alert>}
        {links.data && <Links links={links.data} />}
      </DialogContent>
      <DialogActions>
        <Button loading={links.isFetching} onClick={() => links.refetch()}>
          Ask every link
        </Button>
        <Button color="inherit" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Report({ report }: { report: SampleRender }) {
  const { people, rendered, blocked, average, largest } = report;
  return (
    <>
      <Alert severity={blocked.length > 0 ? "warning" : "success"}>
        Of {formatCount(people, "contact")}, {rendered} would get the mail (
        {`${formatBytes(average)} on average, ${formatBytes(largest)} at most`}), {blocked.length} would not.
      </Alert>
      <Box component="ul" sx={{ pl: 2.5, my: 1.5 }}>
        {blocked.slice(0, 50).map((person) => (
          <li key={person.contact_id}>
            <Link to={`/contacts/${person.contact_id}`}>{person.name || person.address || "No name"}</Link>
            {`: ${person.detail}`}
          </li>
        ))}
      </Box>
      {blocked.length > 50 && (
        <Typography variant="body2" color="textSecondary">
          And {blocked.length - 50} more.
        </Typography>
      )}
    </>
  );
}

function Links({ links }: { links: CheckedLink[] }) {
  const broken = links.filter((link) => link.ok === false);
  const asked = links.filter((link) => link.ok !== null);
  if (broken.length === 0) {
    return <Alert severity="success">{`All ${asked.length} addresses that can be asked answer.`}</Alert>;
  }
  return (
    <Alert severity="warning">
      <Box component="ul" sx={{ pl: 2, m: 0, overflowWrap: "anywhere" }}>
        {broken.map((link) => (
          <li key={link.number}>{`${link.label || link.url}: ${link.detail}`}</li>
        ))}
      </Box>
    </Alert>
  );
}
