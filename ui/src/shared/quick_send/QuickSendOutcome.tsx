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
import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { formatCount, humanise } from "@/shared/format";
import { call } from "@/shared/http";
import type { Messages, QuickSendResult } from "@/shared/model";
import { StatusChip } from "@/shared/StatusChip";

const LOOK_MS = 1000;
const LATE_MS = 15_000; // whoever has no message by then was stopped before it, and the journey says why
const UNDER_WAY = new Set(["queued", "sending", "sent"]);

/** Where each person's message stands, second by second until all have come to their end. */
export function QuickSendOutcome({ sent }: { sent: QuickSendResult }) {
  const messages = useQuery({
    queryKey: ["quick-send", sent.journey_id],
    queryFn: () => call<Messages>("/messages", { query: { journey_id: sent.journey_id, limit: 50 } }),
    refetchInterval: ({ state }) => (isOver(state.data, sent.people) ? false : LOOK_MS),
  });
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, []);
  const found = messages.data?.items ?? [];
  const missing = sent.people - found.length;
  return (
    <>
      <Typography sx={{ mb: 1.5 }} role="status">
        {missing > 0
          ? `${formatCount(missing, "message")} ${missing === 1 ? "is" : "are"} being made.`
          : `${formatCount(sent.people, "message")}: ${summarise(messages.data)}.`}
      </Typography>
      {isLate && missing > 0 && (
        <Alert severity="info" sx={{ mb: 1.5 }}>
          This takes longer than usual. Who was stopped before the mail, and why, stands in the journey.
        </Alert>
      )}
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
                  <TableCell sx={{ overflowWrap: "anywhere", minWidth: 170 }}>
                    {message.address || "No address"}
                  </TableCell>
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
