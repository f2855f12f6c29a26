/** The languages that bodies are written in. */
export const SOURCE_KINDS = [
  { id: "mjml", name: "MJML" },
  { id: "html", name: "HTML" },
];

/** The filter of lists by that language. */
export const SOURCE_KIND_FILTER = {
  name: "source_kind",
  label: "Language",
  choices: SOURCE_KINDS.map(({ id, name }) => ({ value: id, label: name })),
};

/** What the law takes an email for. */
export const DESIGNATIONS = [
  { id: "commercial", name: "Commercial" },
  { id: "transactional", name: "Transactional" },
];
