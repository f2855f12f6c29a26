/**
 * The server pages by cursors, react-admin by numbers. A cursor book remembers, for one list in one order, the cursor
 * that each page starts at; the first page starts at none.
 */
export class CursorBook {
  private readonly books = new Map<string, (string | null)[]>();

  /** The nearest page at or before `page` whose start is known, and its cursor. */
  nearest(key: string, page: number): { page: number; cursor: string } {
    const starts = this.books.get(key) ?? [];
    for (let number = Math.min(page, starts.length); number > 1; number--) {
      const cursor = starts[number - 1];
      if (cursor) return { page: number, cursor };
    }
    return { page: 1, cursor: "" };
  }

  /** Keep where the page after `page` starts; null says that there is none. */
  remember(key: string, page: number, next: string | null): void {
    const starts = this.books.get(key) ?? [];
    starts[page] = next;
    starts.length = page + 1; // what was known of later pages may have moved
    this.books.set(key, starts);
  }
}
