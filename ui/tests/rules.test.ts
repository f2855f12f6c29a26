import { describe, expect, it } from "vitest";
import {
  addItem,
  type Clause,
  changeItem,
  countRules,
  EMPTY_GROUP,
  isComplete,
  readGroup,
} from "@/features/audiences/rules";

const clause: Clause = {
  kind: "clause",
  field: "contact.city",
  operator: "is",
  values: ["Bern"],
  amount: null,
  unit: null,
};

describe("the conditions of a segment", () => {
  it("reads a new draft as an empty group", () => {
    expect(readGroup({})).toEqual(EMPTY_GROUP);
  });

  it("adds, changes and removes conditions without touching the others", () => {
    const two = addItem(addItem(EMPTY_GROUP, clause), { ...clause, values: ["Basel"] });
    expect(changeItem(two, 0, { ...clause, values: ["Chur"] }).items[1]).toBe(two.items[1]);
    expect(changeItem(two, 0, null).items).toHaveLength(1);
    expect(countRules(addItem(two, two))).toBe(4);
  });

  it("is complete only when every condition has what its operator needs", () => {
    const needs = (kind: string) => () => kind;
    expect(isComplete(clause, needs("value"))).toBe(true);
    expect(isComplete({ ...clause, values: [""] }, needs("value"))).toBe(false);
    expect(isComplete({ ...clause, values: [1] }, needs("two"))).toBe(false);
    expect(isComplete({ ...clause, values: [], amount: 3, unit: "days" }, needs("span"))).toBe(true);
    expect(isComplete({ ...clause, values: [] }, needs("nothing"))).toBe(true);
    expect(
      isComplete({ kind: "membership", audience: "list", ids: [], containment: "in" }, needs("value")),
    ).toBe(false);
  });
});
