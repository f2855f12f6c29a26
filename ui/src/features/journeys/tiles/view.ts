import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Definition, TileId, TileKind, TileOf } from "../definition";

export interface EditProps<K extends TileKind> {
  tile: TileOf<K>;
  definition: Definition;
  change: (tile: TileOf<K>) => void;
}

/** What the user interface knows of a kind of tile. One file a kind; the registry is complete or does not compile. */
export interface TileView<K extends TileKind> {
  kind: K;
  label: string;
  /** What it does, in the list of tiles one may add. */
  purpose: string;
  icon: LucideIcon;
  colour: "primary" | "success" | "warning" | "info" | "error" | "secondary";
  make: (id: TileId) => TileOf<K>;
  /** One line on the tile's card. */
  Summary: ComponentType<{ tile: TileOf<K> }>;
  Edit: ComponentType<EditProps<K>>;
}
