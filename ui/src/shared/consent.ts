/** What a person has agreed to, from nothing to everything. */
export const LEVELS = [
  { id: 0, name: "0 · None" },
  { id: 1, name: "1 · Consent" },
  { id: 2, name: "2 · Transactional" },
  { id: 3, name: "3 · Subscriptions" },
  { id: 4, name: "4 · Marketing" },
  { id: 5, name: "5 · Profiling" },
];
