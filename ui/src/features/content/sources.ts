/** The languages that bodies are written in. */
export const SOURCE_KINDS = [
  { id: "mjml", name: "MJML" },
  { id: "html", name: "HTML" },
];

/** What the law takes an email for. */
export const DESIGNATIONS = [
  { id: "commercial", name: "Commercial" },
  { id: "transactional", name: "Transactional" },
];
