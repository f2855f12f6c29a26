/** What people say to what mail servers and Senet's rules call by names of their own. */

export const CAUSES: Record<string, string> = {
  hard_bounce: "Hard bounce",
  soft_bounces: "Soft bounces in a row",
  complaint: "Complaint",
  manual: "Added by hand",
  pattern: "Domain or local part",
};

export const CATEGORIES: Record<string, string> = {
  "invalid-mailbox": "Invalid mailbox",
  "invalid-domain": "Invalid domain",
  "inactive-mailbox": "Inactive mailbox",
  "full-mailbox": "Full mailbox",
  "dmarc-issues": "DMARC issues",
  "reputation-issues": "Reputation issues",
  "greylisting-issues": "Greylisting issues",
  "blocklisting-issues": "Blocklisting issues",
  "relaying-issues": "Relaying issues",
  "routing-issues": "Routing issues",
  "recipient-server-error": "Recipient server error",
  "connection-error": "Connection error",
  "policy-related": "Policy related",
  "message-expired": "Message expired",
  "suppression-list": "Suppression list",
  other: "Other",
};

export const KINDS: Record<string, string> = {
  bounce: "Bounce",
  complaint: "Complaint",
  delay: "Delay",
  receipt: "Receipt",
  auto_reply: "Automatic reply",
  other_report: "Other report",
  unknown_message: "Of no message of ours",
  unreadable: "Not understood",
};

export const CLASSES: Record<string, string> = {
  hard: "Hard bounce",
  soft: "Soft bounce",
  block: "Block bounce",
};

export const RULES: Record<string, string> = {
  delivery_status: "A delivery status notification in its standard form (RFC 3464).",
  feedback_report: "An abuse report in its standard form (RFC 5965).",
  automatic: "Header fields or a subject that only automatic replies have (RFC 3834).",
  old_form: "A form of bounce that servers used before the standard.",
  failed_recipients: "The header field X-Failed-Recipients.",
  webhook: "The mail service’s webhook.",
  not_ours: "It is a report, and it names no message of ours.",
  limits: "It has more parts or hops than a report can have.",
  broken: "Its parts cannot be told apart.",
  none: "No rule fits.",
};

export const CATEGORY_RULES: Record<string, string> = {
  enhanced_code: "the enhanced status code",
  words: "the server’s words",
  reply_code: "the server’s reply code",
};

export function choicesOf(words: Record<string, string>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}
