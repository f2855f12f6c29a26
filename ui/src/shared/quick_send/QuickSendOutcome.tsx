import {
  Alert,
  Box,
  Link as MuiLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { formatCount, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Messages, QuickSendResult } from "@/shared/model";
import { StatusChip } from "@/shared/StatusChip";

const LOOK_MS = 1000;
const UNDER_WAY = new Set(["queued", "sending", "sent"]);

/** Where each person's message stands, second by second until all have come to their end. */
export function QuickSendOutcome({ sent }: { sent: QuickSendResult }) {
  const messages = useQuery({
    queryKey: ["quick-send", sent.journey_id],
    queryFn: () => call<Messages>("/messages", { query: { journey_id: sent.journey_id, limit: 50 } }),
    refetchInterval: ({ state }) => (isOver(state.data, sent.people) ? false : LOOK_MS),
  });
  const found = messages.data?.items ?? [];
  return (
    <>
      <Typography sx={{ mb: 1.5 }} role="status">
        {found.length < sent.people
          ? `${formatCount(sent.people, "message")} ${sent.people === 1 ? "is" : "are"} being made.`
          : `${formatCount(sent.people, "message")}: ${summarise(messages.data)}.`}
      </Typography>
      {messages.error && <Alert severity="error">{sentenceOf(messages.error)}</Alert>}
      {found.length > 0 && (
        <Box sx={{ overflowX: "auto", mb: 1.5 }}>
          <Table size="small" aria-label="What became of the messages">
            <TableHead>
              <TableRow>
                <TableCell>Address</TableCell>
                <TableCell>State</TableCell>
                <TableCell>Why</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {found.map((message) => (
                <TableRow key={message.id}>
                  <TableCell sx={{ overflowWrap: "anywhere" }}>{message.address || "No address"}</TableCell>
                  <TableCell>
                    <StatusChip status={message.state} />
                  </TableCell>
                  <TableCell>{message.reason ? humanise(message.reason) : ""}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
      <Typography variant="body2" color="textSecondary">
        {"It runs as "}
        <MuiLink component={Link} to={`/journeys/${sent.journey_id}/show`}>
          a journey of its own
        </MuiLink>
        {", where its numbers are."}
      </Typography>
    </>
  );
}

function isOver(messages: Messages | undefined, people: number): boolean {
  if (!messages || messages.total < people) return false;
  return messages.items.every((message) => !UNDER_WAY.has(message.state));
}

function summarise(messages: Messages | undefined): string {
  const states = Object.entries(messages?.states ?? {}).filter(([, count]) => count > 0);
  return states.map(([state, count]) => `${count} ${humanise(state).toLowerCase()}`).join(", ");
}
