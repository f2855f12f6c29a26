import { describe, expect, it } from "vitest";
import { type Definition, readDefinition } from "@/features/journeys/definition";
import { changeTile, insertAfter, removeTile } from "@/features/journeys/editing";
import { getTileView } from "@/features/journeys/tiles/registry";
import { describeChange, isSameStroke } from "@/features/journeys/undo";

const journey: Definition = { tiles: [getTileView("audience").make(1)] };
const longer = insertAfter(journey, 1, 0, { ...getTileView("wait_for").make(2), name: "A day" });

function rename(definition: Definition, name: string): Definition {
  const [, wait] = definition.tiles;
  return wait ? changeTile(definition, { ...wait, name }) : definition;
}

describe("undoing changes of a drawing", () => {
  it("says what was done", () => {
    expect(describeChange(journey, longer).words).toBe("adding “A day”");
    expect(describeChange(longer, removeTile(longer, 2)).words).toBe("removing “A day”");
    expect(describeChange(longer, rename(longer, "Two")).words).toBe("changing “Two”");
    expect(describeChange(longer, readDefinition({})).words).toBe("removing 2 tiles");
  });

  it("takes the letters of one field back together, but not those of two, and not after a pause", () => {
    const first = rename(longer, "T");
    const one = describeChange(longer, first);
    const two = describeChange(first, rename(first, "Tw"));
    expect(isSameStroke(one, two, 200)).toBe(true);
    expect(isSameStroke(one, two, 5000)).toBe(false);
    const other = describeChange(
      first,
      changeTile(first, { ...getTileView("audience").make(1), name: "All" }),
    );
    expect(isSameStroke(one, other, 200)).toBe(false);
  });

  it("never takes two added tiles back together", () => {
    const added = describeChange(journey, longer);
    expect(isSameStroke(added, added, 10)).toBe(false);
  });
});
