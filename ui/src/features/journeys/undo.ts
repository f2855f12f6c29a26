import { useRef, useState } from "react";
import type { Definition, Tile } from "./definition";
import { titleOf } from "./tiles/registry";

/** What differs between two drawings: in words, and a mark that changes of the same field share. */
export interface Change {
  words: string;
  mark: string;
}

/** Typing in one field within so long is undone at once. */
const STROKE_MS = 1500;
const MOST_STEPS = 100;

/** Say what was done to a drawing. */
export function describeChange(before: Definition, after: Definition): Change {
  const old = new Map(before.tiles.map((tile) => [tile.id, tile]));
  const kept = new Set(after.tiles.map((tile) => tile.id));
  const added = after.tiles.filter((tile) => !old.has(tile.id));
  const removed = before.tiles.filter((tile) => !kept.has(tile.id));
  if (added.length) return { words: `adding ${name(added)}`, mark: "" };
  if (removed.length) return { words: `removing ${name(removed)}`, mark: "" };
  const changed = after.tiles.filter((tile) => old.get(tile.id) !== tile);
  const fields = changed.flatMap((tile) =>
    differingKeys(old.get(tile.id), tile).map((key) => `${tile.id}.${key}`),
  );
  return { words: `changing ${name(changed)}`, mark: fields.join(" ") };
}

function name(tiles: Tile[]): string {
  const [first] = tiles;
  if (!first) return "the drawing";
  return tiles.length === 1 ? `“${titleOf(first)}”` : `${tiles.length} tiles`;
}

function differingKeys(before: Tile | undefined, after: Tile): string[] {
  const old = (before ?? {}) as Record<string, unknown>;
  return Object.entries(after).flatMap(([key, value]) => (old[key] === value ? [] : [key]));
}

/** Whether a change goes on with the one before, as the next letter typed does. */
export function isSameStroke(before: Change | null, change: Change, milliseconds: number): boolean {
  return change.mark !== "" && change.mark === before?.mark && milliseconds < STROKE_MS;
}

interface Step {
  definition: Definition;
  change: Change;
}

export interface Undo {
  /** Replace the drawing in a way that can be undone. */
  change: (next: Definition) => void;
  undo: () => void;
  redo: () => void;
  /** What would be undone and done again, in words; null: nothing. */
  undoes: string | null;
  redoes: string | null;
}

/** Keeps the drawings that were, so that one can go back to them and forth again. */
export function useUndo(present: Definition, set: (definition: Definition) => void): Undo {
  const [past, setPast] = useState<Step[]>([]);
  const [future, setFuture] = useState<Step[]>([]);
  const changedAt = useRef(0);

  function change(next: Definition) {
    const made = describeChange(present, next);
    const now = Date.now();
    const last = past.at(-1);
    if (last && isSameStroke(last.change, made, now - changedAt.current)) {
      setPast([...past.slice(0, -1), { ...last, change: made }]);
    } else {
      setPast([...past, { definition: present, change: made }].slice(-MOST_STEPS));
    }
    changedAt.current = now;
    setFuture([]);
    set(next);
  }
  function undo() {
    const step = past.at(-1);
    if (!step) return;
    setPast(past.slice(0, -1));
    setFuture([...future, { definition: present, change: step.change }]);
    changedAt.current = 0;
    set(step.definition);
  }
  function redo() {
    const step = future.at(-1);
    if (!step) return;
    setFuture(future.slice(0, -1));
    setPast([...past, { definition: present, change: step.change }]);
    changedAt.current = 0;
    set(step.definition);
  }
  return {
    change,
    undo,
    redo,
    undoes: past.at(-1)?.change.words ?? null,
    redoes: future.at(-1)?.change.words ?? null,
  };
}
