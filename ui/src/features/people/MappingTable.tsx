import { Box, MenuItem, Table, TableBody, TableCell, TableHead, TableRow, TextField } from "@mui/material";
import { humanise } from "@/shared/format";
import type { ImportPreview } from "@/shared/model";

type Mapping = Record<string, string>;

interface Props {
  preview: ImportPreview;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

const EXAMPLES = 3;

/** A row a column of the file: its heading, some of its values, and the column of the contact it becomes. */
export function MappingTable({ preview, mapping, onChange }: Props) {
  const taken = new Set(Object.values(mapping).filter(Boolean));
  return (
    <Box sx={{ overflowX: "auto", border: 1, borderColor: "divider", borderRadius: 2 }}>
      <Table size="small" aria-label="Columns of the file">
        <TableHead>
          <TableRow>
            <TableCell>Column in the file</TableCell>
            <TableCell>Examples</TableCell>
            <TableCell>Becomes</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {preview.columns.map((heading, at) => (
            <TableRow key={heading}>
              <TableCell component="th" scope="row" sx={{ fontWeight: 570 }}>
                {heading}
              </TableCell>
              <TableCell
                sx={{ color: "text.secondary", maxWidth: 320, overflow: "hidden", textOverflow: "ellipsis" }}
              >
                {preview.rows
                  .slice(0, EXAMPLES)
                  .map((row) => row[at])
                  .filter(Boolean)
                  .join(", ")}
              </TableCell>
              <TableCell sx={{ minWidth: 220 }}>
                <TextField
                  select
                  fullWidth
                  hiddenLabel
                  value={mapping[heading] ?? ""}
                  onChange={(event) => onChange({ ...mapping, [heading]: event.target.value })}
                  slotProps={{
                    select: {
                      displayEmpty: true,
                      SelectDisplayProps: { "aria-label": `Column for ${heading}` },
                    },
                  }}
                >
                  <MenuItem value="">Do not import</MenuItem>
                  {preview.targets.map((target) => (
                    <MenuItem
                      key={target}
                      value={target}
                      disabled={taken.has(target) && mapping[heading] !== target}
                    >
                      {humanise(target.replace(/^custom\./, ""))}
                    </MenuItem>
                  ))}
                </TextField>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}
