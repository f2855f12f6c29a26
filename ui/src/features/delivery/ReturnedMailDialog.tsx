import {
  Alert,
  Box,
  Button,
  CircularProgress,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Typography,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type ReactNode, useId } from "react";
import { sentenceOf } from "@/shared/errors";
import { Facts } from "@/shared/Facts";
import { formatDateTime, NOTHING } from "@/shared/format";
import { call } from "@/shared/http";
import type { ReturnedMail, ReturnedMailDetail } from "@/shared/model";
import { useMay } from "@/shared/permissions";
import { RecordLink } from "@/shared/RecordName";
import { useAct } from "@/shared/useAct";
import { CATEGORIES, CATEGORY_RULES, CLASSES, KINDS, RULES } from "./words";

interface Props {
  mail: ReturnedMail;
  onClose: () => void;
}

/** What came back, what it was taken for and by which rule; its text where no program could read it. */
export function ReturnedMailDialog({ mail, onClose }: Props) {
  const id = useId();
  const mayAdminister = useMay("administer");
  const { busy, act } = useAct();
  async function remove() {
    const work = () => call<null>(`/returned-mails/${mail.id}`, { method: "DELETE" }).then(() => true);
    if (await act(work, "The mail is removed.")) onClose();
  }
  return (
    <Dialog open onClose={onClose} maxWidth="md" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>{KINDS[mail.kind] ?? mail.kind}</DialogTitle>
      <DialogContent>
        <Facts facts={describe(mail)} />
        {mail.is_kept &&
          (mayAdminister ? (
            <MailText id={mail.id} isBeingRemoved={busy} />
          ) : (
            <Alert severity="info" sx={{ mt: 2 }}>
              Nobody could read this mail. An administrator can look at its text.
            </Alert>
          ))}
      </DialogContent>
      <DialogActions>
        {mail.is_kept && mayAdminister && (
          <Button
            color="error"
            loading={busy}
            startIcon={<Trash2 size={16} aria-hidden />}
            onClick={remove}
            sx={{ mr: "auto" }}
          >
            I have read it: remove
          </Button>
        )}
        <Button color="inherit" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function describe(mail: ReturnedMail): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    ["Came back", `${formatDateTime(mail.received_at)}, by ${mail.source}`],
    ["Sent to", <Person key="person" mail={mail} />],
    ["Email", <RecordLink key="email" resource="emails" id={mail.email_id} missing="Unknown" />],
    ["What it says", mail.reason || NOTHING],
    ["Told by", mail.rule ? (RULES[mail.rule] ?? mail.rule) : "This was not noted when it came."],
  ];
  if (mail.category) {
    const rule = mail.category_rule ? CATEGORY_RULES[mail.category_rule] : "";
    const code = mail.category_rule === "enhanced_code" && mail.smtp_enhanced ? ` ${mail.smtp_enhanced}` : "";
    facts.push(
      ["Counts as", CLASSES[mail.bounce_class ?? ""] ?? NOTHING],
      ["Category", `${CATEGORIES[mail.category] ?? mail.category}${rule ? `, by ${rule}${code}` : ""}`],
    );
  }
  facts.push([
    "Consequence",
    mail.counted ? "It changed what is known of the message." : "None: nothing was changed by it.",
  ]);
  return facts;
}

function Person({ mail }: { mail: ReturnedMail }) {
  if (mail.contact_id === null) return <>{mail.address || "Unknown"}</>;
  return (
    <>
      {`${mail.address}: `}
      <RecordLink resource="contacts" id={mail.contact_id} />
    </>
  );
}

function MailText({ id, isBeingRemoved }: { id: number; isBeingRemoved: boolean }) {
  const mail = useQuery({
    queryKey: ["returned-mail", id],
    queryFn: () => call<ReturnedMailDetail>(`/returned-mails/${id}`),
    enabled: !isBeingRemoved,
    retry: false,
  });
  return (
    <>
      <Typography variant="h3" component="h3" sx={{ mt: 2.5, mb: 1 }}>
        Its text
      </Typography>
      {mail.isPending && <CircularProgress size={20} aria-label="Fetching the text" />}
      {mail.error && <Alert severity="error">{sentenceOf(mail.error)}</Alert>}
      {mail.data && (
        <Box
          component="pre"
          tabIndex={0}
          aria-label="Text of the mail"
          sx={{
            m: 0,
            p: 1.5,
            maxHeight: 340,
            overflow: "auto",
            border: 1,
            borderColor: "divider",
            borderRadius: 2,
            bgcolor: "background.default",
            fontSize: 12.5,
            whiteSpace: "pre-wrap",
            overflowWrap: "anywhere",
          }}
        >
          {mail.data.text}
        </Box>
      )}
    </>
  );
}
