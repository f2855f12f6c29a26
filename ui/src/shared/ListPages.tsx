import { Box, IconButton, MenuItem, TextField, Typography } from "@mui/material";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useListContext } from "react-admin";
import { formatNumber } from "@/shared/format";

const SIZES = [25, 50, 100, 200];

/** Which rows are shown, of how many, and the way to the neighbours. */
export function ListPages() {
  const { page, perPage, total, setPage, setPerPage, isPending } = useListContext();
  if (isPending || !total) return null;
  const first = (page - 1) * perPage + 1;
  const last = Math.min(page * perPage, total);
  return (
    <Box
      component="nav"
      aria-label="Pages"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1,
        px: 2,
        py: 1,
        borderTop: 1,
        borderColor: "divider",
      }}
    >
      <Typography variant="body2" color="textSecondary" sx={{ flex: 1 }} role="status">
        {formatNumber(first)}–{formatNumber(last)} of {formatNumber(total)}
      </Typography>
      <TextField
        select
        size="small"
        hiddenLabel
        value={perPage}
        onChange={(event) => setPerPage(Number(event.target.value))}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Rows on a page" } } }}
      >
        {SIZES.map((size) => (
          <MenuItem key={size} value={size}>
            {size} rows
          </MenuItem>
        ))}
      </TextField>
      <IconButton aria-label="Previous page" disabled={page <= 1} onClick={() => setPage(page - 1)}>
        <ChevronLeft size={18} aria-hidden />
      </IconButton>
      <IconButton aria-label="Next page" disabled={last >= total} onClick={() => setPage(page + 1)}>
        <ChevronRight size={18} aria-hidden />
      </IconButton>
    </Box>
  );
}
