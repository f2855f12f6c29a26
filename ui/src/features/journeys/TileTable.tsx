import { Link, Table, TableBody, TableCell, TableHead, TableRow } from "@mui/material";
import { formatNumber, NOTHING } from "@/shared/format";
import type { TileNumbers } from "@/shared/model";
import { type Definition, exitsOf, findTile, type TileId } from "./definition";
import { readingOrder } from "./graph";
import { getTileView, titleOf } from "./tiles/registry";

interface Props {
  definition: Definition;
  numbers: Map<TileId, TileNumbers>;
  selected: TileId | null;
  onSelect: (id: TileId) => void;
}

const COLUMNS: { key: keyof TileNumbers; label: string }[] = [
  { key: "total", label: "Total" },
  { key: "processing", label: "Processing" },
  { key: "queued", label: "Queued" },
  { key: "stopped", label: "Stopped" },
  { key: "expired", label: "Expired" },
  { key: "failed", label: "Failed" },
  { key: "processed", label: "Processed" },
];

/** The journey in words: what the drawing shows, for those who read rather than look. */
export function TileTable({ definition, numbers, selected, onSelect }: Props) {
  return (
    <Table stickyHeader size="small" aria-label="Tiles of the journey">
      <TableHead>
        <TableRow>
          <TableCell>Tile</TableCell>
          <TableCell>Leads to</TableCell>
          {COLUMNS.map((column) => (
            <TableCell key={column.key} align="right">
              {column.label}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {readingOrder(definition).map((id) => {
          const tile = findTile(definition, id);
          if (!tile) return null;
          return (
            <TableRow key={id} selected={id === selected}>
              <TableCell component="th" scope="row" sx={{ whiteSpace: "nowrap" }}>
                <Link component="button" type="button" underline="hover" onClick={() => onSelect(id)}>
                  {titleOf(tile)}
                </Link>
                {tile.name && ` (${getTileView(tile.kind).label.toLowerCase()})`}
              </TableCell>
              <TableCell sx={{ minWidth: 190 }}>{describeExits(definition, id)}</TableCell>
              {COLUMNS.map((column) => (
                <TableCell key={column.key} align="right" sx={{ fontVariantNumeric: "tabular-nums" }}>
                  {numbers.has(id) ? formatNumber(numbers.get(id)?.[column.key] as number) : NOTHING}
                </TableCell>
              ))}
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}

function describeExits(definition: Definition, id: TileId): string {
  const tile = findTile(definition, id);
  if (!tile) return "";
  return exitsOf(tile)
    .map((exit) => {
      const follower = findTile(definition, exit.next);
      return `${exit.label ? `${exit.label}: ` : ""}${follower ? titleOf(follower) : "end"}`;
    })
    .join("; ");
}
