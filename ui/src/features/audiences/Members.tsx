import {
  Box,
  Button,
  IconButton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download, UserMinus } from "lucide-react";
import { Link } from "react-router-dom";
import { formatCount, formatRelative } from "@/shared/format";
import { API, call } from "@/shared/http";
import type { Member } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { describeContact, RecordPicker } from "@/shared/RecordPicker";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";

interface Props {
  resource: "segments" | "lists";
  id: number;
  /** Whether members are chosen by hand. */
  editable: boolean;
}

const SHOWN = 25;

/** Who is in a segment or list: the latest, all of them as CSV, and the way in and out where people choose. */
export function Members({ resource, id, editable }: Props) {
  const mayEdit = useMay("edit");
  const mayExport = useMay("export");
  const { busy, act } = useAct();
  const { data } = useQuery({
    queryKey: ["members", resource, id],
    queryFn: () =>
      call<{ items: Member[]; total: number }>(`/${resource}/${id}/members`, { query: { limit: SHOWN } }),
    refetchInterval: 5000,
    placeholderData: keepPreviousData,
  });
  const change = (body: { add?: number[]; remove?: number[] }, done: string) =>
    act(() => call(`/${resource}/${id}/members`, { method: "POST", body }), done);
  return (
    <Section
      title="Members"
      description={data ? formatCount(data.total, "contact") : " "}
      flush
      sx={{ mt: 3 }}
      actions={
        mayExport && (
          <Button
            component="a"
            href={`${API}/${resource}/${id}/members.csv`}
            download
            color="inherit"
            startIcon={<Download size={16} aria-hidden />}
          >
            Export
          </Button>
        )
      }
    >
      {editable && mayEdit && (
        <Box sx={{ px: 2.5, pb: 2, maxWidth: 440 }}>
          <RecordPicker
            resource="contacts"
            label="Add a contact"
            value={null}
            describe={describeContact}
            disabled={busy}
            onChange={(contact) => contact && change({ add: [contact] }, "Added.")}
          />
        </Box>
      )}
      {data?.total === 0 ? (
        <Typography color="textSecondary" sx={{ px: 2.5, pb: 2.5 }}>
          Nobody is a member yet.
        </Typography>
      ) : (
        <Table size="small" aria-label="Members">
          <TableHead>
            <TableRow>
              <TableCell>Name</TableCell>
              <TableCell>Email</TableCell>
              <TableCell>Joined</TableCell>
              {editable && mayEdit && <TableCell />}
            </TableRow>
          </TableHead>
          <TableBody>
            {data?.items.map((member) => (
              <TableRow key={member.id}>
                <TableCell>
                  <Link to={`/contacts/${member.id}`} style={{ color: "inherit" }}>
                    {member.name || "No name"}
                  </Link>
                </TableCell>
                <TableCell>{member.email}</TableCell>
                <TableCell>{formatRelative(member.joined_at)}</TableCell>
                {editable && mayEdit && (
                  <TableCell align="right">
                    <IconButton
                      size="small"
                      disabled={busy}
                      aria-label={`Remove ${member.name || member.email}`}
                      onClick={() => change({ remove: [member.id] }, "Removed.")}
                    >
                      <UserMinus size={16} aria-hidden />
                    </IconButton>
                  </TableCell>
                )}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}
