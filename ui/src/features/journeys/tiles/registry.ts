import type { ComponentType } from "react";
import type { Tile, TileKind } from "../definition";
import { appointment } from "./appointment";
import { audience } from "./audience";
import { CONTENT } from "./content";
import { create_lead } from "./create_lead";
import { custom_channel } from "./custom_channel";
import { email } from "./email";
import { exit } from "./exit";
import { form_submitted } from "./form_submitted";
import { if_then } from "./if_then";
import { phone_call } from "./phone_call";
import { push } from "./push";
import { record_updated } from "./record_updated";
import { run_workflow } from "./run_workflow";
import { split } from "./split";
import { task } from "./task";
import { text_message } from "./text_message";
import { update_column } from "./update_column";
import type { EditProps, TileView } from "./view";
import { wait_for } from "./wait_for";
import { wait_until } from "./wait_until";

/** Every kind of tile. A kind without its view does not compile. */
const TILES: { [K in TileKind]: TileView<K> } = {
  audience,
  form_submitted,
  record_updated,
  email,
  ...CONTENT,
  if_then,
  split,
  wait_for,
  wait_until,
  task,
  phone_call,
  appointment,
  create_lead,
  update_column,
  exit,
  run_workflow,
  custom_channel,
  text_message,
  push,
};

/** The view of a tile, for code that treats all kinds alike: it only ever gets tiles of its own kind. */
export interface AnyTileView extends Omit<TileView<TileKind>, "make" | "Summary" | "Edit"> {
  make: (id: number) => Tile;
  Summary: ComponentType<{ tile: Tile }>;
  Edit: ComponentType<
    Omit<EditProps<TileKind>, "tile" | "change"> & { tile: Tile; change: (tile: Tile) => void }
  >;
}

export function getTileView(kind: TileKind): AnyTileView {
  return TILES[kind] as unknown as AnyTileView;
}

/** The kinds one may add after another tile. */
export const ADDABLE: TileKind[] = [
  "email",
  "if_then",
  "wait_for",
  "wait_until",
  "split",
  "task",
  "phone_call",
  "appointment",
  "create_lead",
  "update_column",
  "exit",
  "run_workflow",
  "page",
  "form",
  "event",
  "survey",
  "custom_channel",
];

/** The kinds where people enter. */
export const ENTRANCES: TileKind[] = ["audience", "form_submitted", "record_updated"];

export function titleOf(tile: Tile): string {
  return tile.name || getTileView(tile.kind).label;
}
