/** The drawn graph of a journey, as the API takes and gives it: a kind of tile that the server adds is a type error here. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** What the server sends it sends whole: a value that may be left out when writing is there when reading. */
type Sent<T> = T extends (infer Item)[]
  ? Sent<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Sent<T[Key]> }
    : T;

export type Definition = Sent<Schemas["Definition"]>;
export type Tile = Definition["tiles"][number];
export type TileKind = Tile["kind"];
export type TileOf<K extends TileKind> = Extract<Tile, { kind: K }>;
export type TileId = number;
export type Next = TileId | null;

export type AudienceTile = TileOf<"audience">;
export type FormSubmittedTile = TileOf<"form_submitted">;
export type RecordUpdatedTile = TileOf<"record_updated">;
export type EmailTile = TileOf<"email">;
export type IfThenTile = TileOf<"if_then">;
export type WaitForTile = TileOf<"wait_for">;
export type WaitUntilTile = TileOf<"wait_until">;
export type SplitTile = TileOf<"split">;
export type Window = NonNullable<WaitForTile["restriction"]>;
export type TaskTile = TileOf<"task">;
export type PhoneCallTile = TileOf<"phone_call">;
export type AppointmentTile = TileOf<"appointment">;
export type CreateLeadTile = TileOf<"create_lead">;
export type UpdateColumnTile = TileOf<"update_column">;
export type CustomChannelTile = TileOf<"custom_channel">;
export type RunWorkflowTile = TileOf<"run_workflow">;

export type Duration = Sent<Schemas["Duration"]>;
export type Source = Sent<Schemas["Source"]>;
export type Rule = Sent<Schemas["Rule"]>;
export type ChannelResponse = Sent<Schemas["ResponseTypeOut"]>;
export type Condition = Rule["condition"];
export type Branch = Sent<Schemas["Branch"]>;

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
    case "exit":
      return [];
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
    case "exit":
      return tile;
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
