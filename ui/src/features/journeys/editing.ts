import {
  type Definition,
  exitsOf,
  findTile,
  type Next,
  type Tile,
  type TileId,
  withExit,
} from "./definition";

function replace(definition: Definition, tile: Tile): Definition {
  return { tiles: definition.tiles.map((each) => (each.id === tile.id ? tile : each)) };
}

export function nextId(definition: Definition): TileId {
  return Math.max(0, ...definition.tiles.map((tile) => tile.id)) + 1;
}

/** Put a tile into one of the ways out of another; what followed now follows the new tile's first way, if it has one. */
export function insertAfter(definition: Definition, after: TileId, branch: number, tile: Tile): Definition {
  const before = findTile(definition, after);
  const follower = before && exitsOf(before).find((exit) => exit.branch === branch);
  if (!before || !follower) return definition;
  const placed = withExit(tile, 0, follower.next);
  const joined = replace(definition, withExit(before, branch, tile.id));
  const grown = { tiles: [...joined.tiles, placed] };
  return exitsOf(placed).length ? grown : keep(grown, findReachable(grown, findRoots(definition).map(idOf)));
}

function idOf(tile: Tile): TileId {
  return tile.id;
}

/** Leave only some of the tiles; rules that asked about the others ask about none. */
function keep(definition: Definition, kept: Set<TileId>): Definition {
  return {
    tiles: definition.tiles.filter((tile) => kept.has(tile.id)).map((tile) => forgetMissing(tile, kept)),
  };
}

export function changeTile(definition: Definition, tile: Tile): Definition {
  return replace(definition, tile);
}

function redirect(definition: Definition, from: TileId, to: Next): Definition {
  const tiles = definition.tiles.map((tile) =>
    exitsOf(tile).reduce((each, exit) => (exit.next === from ? withExit(each, exit.branch, to) : each), tile),
  );
  return { tiles };
}

/** The tiles one can come to, beginning at those that nothing needs to lead to. */
function findReachable(definition: Definition, roots: TileId[]): Set<TileId> {
  const found = new Set<TileId>();
  const ahead = [...roots];
  while (ahead.length) {
    const tile = findTile(definition, ahead.pop() ?? null);
    if (!tile || found.has(tile.id)) continue;
    found.add(tile.id);
    for (const exit of exitsOf(tile)) if (exit.next !== null) ahead.push(exit.next);
  }
  return found;
}

/** The tiles that nothing leads to. */
export function findRoots(definition: Definition): Tile[] {
  const led = new Set(definition.tiles.flatMap((tile) => exitsOf(tile).map((exit) => exit.next)));
  return definition.tiles.filter((tile) => !led.has(tile.id));
}

/**
 * Take a tile away. What follows its first way moves up; what only its other ways led to goes with it.
 * Rules that asked about a tile that is gone ask about none.
 */
export function removeTile(definition: Definition, id: TileId): Definition {
  const tile = findTile(definition, id);
  if (!tile) return definition;
  const follower = exitsOf(tile)[0]?.next ?? null;
  const roots = findRoots(definition)
    .map(idOf)
    .filter((root) => root !== id);
  const isRoot = roots.length < findRoots(definition).length;
  const rest = redirect({ tiles: definition.tiles.filter((each) => each.id !== id) }, id, follower);
  const kept = findReachable(rest, isRoot && follower !== null ? [...roots, follower] : roots);
  return keep(rest, kept);
}

function forgetMissing(tile: Tile, kept: Set<TileId>): Tile {
  if (tile.kind !== "if_then") return tile;
  const rules = tile.rules.map((rule) =>
    rule.source !== null && kept.has(rule.source) ? rule : { ...rule, source: null },
  );
  return { ...tile, rules };
}

/** The tiles that lead to a tile, directly or not: those whose results an if/then may ask about. */
export function findAncestors(definition: Definition, id: TileId): Tile[] {
  const found = new Set<TileId>();
  let size = -1;
  while (found.size !== size) {
    size = found.size;
    for (const tile of definition.tiles) {
      if (exitsOf(tile).some((exit) => exit.next === id || (exit.next !== null && found.has(exit.next)))) {
        found.add(tile.id);
      }
    }
  }
  return definition.tiles.filter((tile) => found.has(tile.id));
}
