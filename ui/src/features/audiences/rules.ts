/** What a dynamic segment asks, as the API takes and gives it: groups whose leaves are clauses and memberships. */

export type Value = string | number | boolean;

export interface Clause {
  kind: "clause";
  field: string;
  operator: string;
  values: Value[];
  amount: number | null;
  unit: string | null;
}

export interface Membership {
  kind: "membership";
  audience: "segment" | "list";
  ids: number[];
  containment: "in" | "not_in";
}

export interface Group {
  kind: "group";
  join: "and" | "or";
  negate: boolean;
  items: Rule[];
}

export type Rule = Clause | Membership | Group;

export const EMPTY_GROUP: Group = { kind: "group", join: "and", negate: false, items: [] };

/** Read what the API gave; a new draft's definition is an empty object. */
export function readGroup(value: unknown): Group {
  const given = (value ?? {}) as Partial<Group>;
  return { ...EMPTY_GROUP, ...given, items: given.items ?? [] };
}

export function changeItem(group: Group, at: number, item: Rule | null): Group {
  const items = group.items.flatMap((each, number) => (number === at ? (item ? [item] : []) : [each]));
  return { ...group, items };
}

export function addItem(group: Group, item: Rule): Group {
  return { ...group, items: [...group.items, item] };
}

/** Whether every row says enough to be asked about; what is half typed is not sent for an estimate. */
export function isComplete(rule: Rule, needsOf: (clause: Clause) => string | undefined): boolean {
  if (rule.kind === "group") return rule.items.every((item) => isComplete(item, needsOf));
  if (rule.kind === "membership") return rule.ids.length > 0;
  const filled = rule.values.filter((value) => value !== "").length;
  switch (needsOf(rule)) {
    case undefined:
      return false;
    case "nothing":
      return true;
    case "two":
      return filled === 2;
    case "span":
      return rule.amount !== null && rule.unit !== null;
    case "days":
      return rule.amount !== null;
    default:
      return filled > 0;
  }
}

export function countRules(rule: Rule): number {
  return rule.kind === "group" ? rule.items.reduce((sum, item) => sum + countRules(item), 0) : 1;
}
