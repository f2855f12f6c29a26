import { describe, expect, it } from "vitest";
import { CursorBook } from "@/app/cursors";
import { findChanges } from "@/app/dataProvider";

describe("a cursor book", () => {
  it("starts every list at its first page", () => {
    expect(new CursorBook().nearest("contacts", 5)).toEqual({ page: 1, cursor: "" });
  });

  it("goes on from the nearest page that it knows", () => {
    const book = new CursorBook();
    book.remember("contacts", 1, "a");
    book.remember("contacts", 2, "b");
    expect(book.nearest("contacts", 2)).toEqual({ page: 2, cursor: "a" });
    expect(book.nearest("contacts", 9)).toEqual({ page: 3, cursor: "b" });
    expect(book.nearest("segments", 2)).toEqual({ page: 1, cursor: "" });
  });

  it("forgets what came after a page that was read again", () => {
    const book = new CursorBook();
    book.remember("contacts", 1, "a");
    book.remember("contacts", 2, "b");
    book.remember("contacts", 1, "c");
    expect(book.nearest("contacts", 3)).toEqual({ page: 2, cursor: "c" });
  });
});

describe("a change", () => {
  it("says only what differs", () => {
    const before = { id: 1, name: "A", custom: { plan: "pro" }, city: "Bern" };
    const after = { id: 1, name: "B", custom: { plan: "pro" }, city: "Bern" };
    expect(findChanges(after, before)).toEqual({ name: "B" });
  });

  it("empties a text, and takes a moment or a choice away", () => {
    const before = { preheader: "Soon", start_at: "2026-01-01T00:00:00Z", event_id: 3, reply_to: "" };
    const after = { preheader: null, start_at: null, event_id: null, reply_to: null };
    expect(findChanges(after, before)).toEqual({ preheader: "", start_at: null, event_id: null });
  });
});
