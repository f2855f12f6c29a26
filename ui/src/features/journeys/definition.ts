/** The drawn graph of a journey, as the API takes and gives it. */

export type TileId = number;
export type Next = TileId | null;

export interface Duration {
  amount: number;
  unit: "minutes" | "hours" | "days" | "weeks";
}

export interface Source {
  kind: "segment" | "list";
  id: number | null;
  containment: "include" | "exclude";
}

export type Condition = "delivered" | "opened" | "clicked" | "clicked_link" | "hard_bounced" | "soft_bounced";

export interface Rule {
  source: TileId | null;
  condition: Condition;
  link: number | null;
}

export interface Branch {
  label: string;
  amount: number | null;
  next: Next;
}

interface Base {
  id: TileId;
  name: string;
  description?: string;
}

export interface AudienceTile extends Base {
  kind: "audience";
  sources: Source[];
  merge: "union" | "intersection";
  next: Next;
}

export interface EmailTile extends Base {
  kind: "email";
  email_id: number | null;
  next: Next;
}

export interface IfThenTile extends Base {
  kind: "if_then";
  rules: Rule[];
  logic: "and" | "or";
  timeout: Duration | null;
  yes: Next;
  no: Next;
}

export interface WaitForTile extends Base {
  kind: "wait_for";
  duration: Duration | null;
  next: Next;
}

export interface WaitUntilTile extends Base {
  kind: "wait_until";
  at: string | null;
  next: Next;
}

export interface SplitTile extends Base {
  kind: "split";
  by: "percentage" | "value";
  branches: Branch[];
}

export interface TaskTile extends Base {
  kind: "task";
  subject: string;
  assign_to: "contact_owner" | "contact_creator" | "journey_owner";
  due_in: Duration | null;
  next: Next;
}

export type Tile = AudienceTile | EmailTile | IfThenTile | WaitForTile | WaitUntilTile | SplitTile | TaskTile;
export type TileKind = Tile["kind"];
export type TileOf<K extends TileKind> = Extract<Tile, { kind: K }>;

export interface Definition {
  tiles: Tile[];
}

/** One way out of a tile. `branch` is its number in the ledger; a tile's only way has no label. */
export interface Exit {
  branch: number;
  label: string;
  next: Next;
}

export function exitsOf(tile: Tile): Exit[] {
  switch (tile.kind) {
    case "if_then":
      return [
        { branch: 0, label: "Yes", next: tile.yes },
        { branch: 1, label: "No", next: tile.no },
      ];
    case "split":
      return tile.branches.map((each, branch) => ({
        branch,
        label: each.label || `Branch ${branch + 1}`,
        next: each.next,
      }));
    default:
      return [{ branch: 0, label: "", next: tile.next }];
  }
}

/** Return the tile with one of its ways leading elsewhere. */
export function withExit(tile: Tile, branch: number, next: Next): Tile {
  switch (tile.kind) {
    case "if_then":
      return branch === 0 ? { ...tile, yes: next } : { ...tile, no: next };
    case "split":
      return {
        ...tile,
        branches: tile.branches.map((each, at) => (at === branch ? { ...each, next } : each)),
      };
    default:
      return { ...tile, next };
  }
}

export function findTile(definition: Definition, id: Next): Tile | undefined {
  return definition.tiles.find((tile) => tile.id === id);
}

/** Read what the API gave: a new draft's definition is an empty object. */
export function readDefinition(value: unknown): Definition {
  const tiles = (value as Partial<Definition> | null | undefined)?.tiles;
  return { tiles: Array.isArray(tiles) ? tiles : [] };
}
