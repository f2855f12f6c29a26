import { Box, Table, TableBody, TableCell, TableHead, TableRow, TextField, Typography } from "@mui/material";
import type { ReactNode } from "react";
import type { Assumption } from "@/shared/model";
import {
  asHours,
  asPercent,
  checkTyped,
  DELAYS,
  type DelayKey,
  listSources,
  RATES,
  type RateKey,
  shortSource,
  type Typed,
} from "./options";

interface Props {
  assumptions: readonly Assumption[];
  nameTile: (tile: number) => string;
  /** Absent where nothing can be changed. */
  typed?: Typed;
  onType?: (typed: Typed) => void;
}

const COLUMNS = [...RATES, ...DELAYS];
const NARROW = { "& th, & td": { px: "8px !important" } };

/** What is assumed of the readers of each email, and where it comes from. */
export function AssumptionTable({ assumptions, nameTile, typed, onType }: Props) {
  return (
    <>
      <Box sx={{ overflowX: "auto" }}>
        <Table size="small" aria-label="What is assumed of the readers" sx={NARROW}>
          <TableHead>
            <TableRow>
              <TableCell>Email tile</TableCell>
              {COLUMNS.map((column) => (
                <TableCell key={column.key}>
                  {column.label}
                  <Typography variant="caption" component="div" color="textSecondary">
                    {column.unit}
                  </Typography>
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {assumptions.map((assumption) => (
              <TableRow key={assumption.tile} sx={{ verticalAlign: "top" }}>
                <TableCell component="th" scope="row" sx={{ minWidth: 110 }}>
                  {nameTile(assumption.tile)}
                </TableCell>
                {COLUMNS.map(({ key, label, unit }) => (
                  <TableCell key={key}>
                    <Value
                      label={`${label} at “${nameTile(assumption.tile)}”, ${unit}`}
                      name={key}
                      assumption={assumption}
                      text={typed?.[assumption.tile]?.[key] ?? ""}
                      onType={
                        onType &&
                        ((text) =>
                          onType({
                            ...typed,
                            [assumption.tile]: { ...typed?.[assumption.tile], [key]: text },
                          }))
                      }
                    />
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
      <Sources assumptions={assumptions} />
    </>
  );
}

interface ValueProps {
  label: string;
  name: RateKey | DelayKey;
  assumption: Assumption;
  text: string;
  onType: ((text: string) => void) | undefined;
}

function showValue(name: RateKey | DelayKey, { behaviour }: Assumption): string {
  const value = behaviour[name];
  return typeof value === "number" ? asPercent(value) : asHours(value.median_hours);
}

function Value({ label, name, assumption, text, onType }: ValueProps) {
  const assumed = showValue(name, assumption);
  const source = shortSource(assumption.sources[name]);
  if (!onType) {
    return (
      <>
        <Box component="span" sx={{ fontVariantNumeric: "tabular-nums", fontWeight: 550 }}>
          {assumed}
        </Box>
        <Typography variant="caption" component="div" color="textSecondary">
          {source}
        </Typography>
      </>
    );
  }
  const wrong = checkTyped(name, text);
  return (
    <TextField
      hiddenLabel
      value={text}
      placeholder={assumed}
      error={wrong !== undefined}
      helperText={wrong ?? (text.trim() ? `instead of ${assumed}` : source)}
      onChange={(event) => onType(event.target.value)}
      slotProps={{ htmlInput: { "aria-label": label, inputMode: "decimal" } }}
      sx={{ minWidth: 76, "& .MuiFormHelperText-root": { whiteSpace: "nowrap" } }}
    />
  );
}

/** Each source once, with what comes from it. */
function Sources({ assumptions }: { assumptions: readonly Assumption[] }) {
  return (
    <Box role="group" aria-label="Sources" sx={{ mt: 2 }}>
      <Box component="dl" sx={{ m: 0, display: "grid", gap: 0.5 }}>
        {listSources(assumptions).map(({ source, values }) => (
          <Line key={source} term={sentence(values.join(", "))}>
            {source}
          </Line>
        ))}
      </Box>
    </Box>
  );
}

function Line({ term, children }: { term: string; children: ReactNode }) {
  return (
    <Typography variant="caption" component="div" color="textSecondary">
      <Box component="dt" sx={{ display: "inline", fontWeight: 600 }}>
        {term}:{" "}
      </Box>
      <Box component="dd" sx={{ display: "inline", m: 0 }}>
        {children}.
      </Box>
    </Typography>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
