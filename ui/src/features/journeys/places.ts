import { humanise } from "@/shared/format";
import { findTile, readDefinition } from "./definition";
import { titleOf } from "./tiles/registry";

const SETTINGS: Record<string, string> = {
  start_at: "Start",
  end_at: "End",
  time_zone: "Time zone",
  content_settings_id: "Content settings",
  suppression_segment_id: "Suppression segment",
  tiles: "Tiles",
};

/** Say where a finding is: "tiles.3" becomes the name of that tile. */
export function describePlace(where: string, definition: unknown): string {
  const [first = "", id] = where.split(".");
  const tile = first === "tiles" && id ? findTile(readDefinition(definition), Number(id)) : undefined;
  if (tile) return `Tile ${tile.id}: ${titleOf(tile)}`;
  return SETTINGS[where] ?? (where ? humanise(where) : "");
}

/** The tile that a finding is about, or null. */
export function findPlace(where: string): number | null {
  const [first, id] = where.split(".");
  return first === "tiles" && id ? Number(id) : null;
}
