import {
  Alert,
  Box,
  Button,
  CircularProgress,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  TextField,
  Typography,
} from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link } from "react-router-dom";
import { sentenceOf } from "@/shared/errors";
import { call } from "@/shared/http";
import type { ContentBlock } from "@/shared/model";

interface Props {
  open: boolean;
  /** The language of the source that it is put into: the two do not mix. */
  kind: "html" | "mjml";
  onChoose: (block: ContentBlock) => void;
  onClose: () => void;
}

/** Chooses a content block, to be copied into a body. */
export function BlockPicker({ open, kind, onChoose, onClose }: Props) {
  const id = useId();
  const [search, setSearch] = useState("");
  const blocks = useQuery({
    queryKey: ["content-blocks", "picker", kind, search],
    queryFn: () =>
      call<{ items: ContentBlock[] }>("/content-blocks", {
        query: { search, source_kind: kind, limit: 100, sort: "name" },
      }),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const found = blocks.data?.items ?? [];
  return (
    <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>Insert a content block</DialogTitle>
      <DialogContent>
        <TextField
          type="search"
          label="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          fullWidth
          sx={{ mb: 2, mt: 0.5 }}
        />
        {blocks.isPending && open && <CircularProgress size={20} aria-label="Loading the blocks" />}
        {blocks.error && <Alert severity="error">{sentenceOf(blocks.error)}</Alert>}
        {blocks.data && found.length === 0 && (
          <Typography color="textSecondary">
            {search ? "No block matches." : `There is no block in ${kind.toUpperCase()} yet. `}
            {!search && <Link to="/content-blocks/create">Write one.</Link>}
          </Typography>
        )}
        <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
          {found.map((block) => (
            <Box
              component="li"
              key={block.id}
              sx={{
                display: "flex",
                alignItems: "center",
                gap: 1.5,
                py: 1,
                borderTop: 1,
                borderColor: "divider",
              }}
            >
              <Box sx={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>
                <Typography sx={{ fontWeight: 570 }}>{block.name}</Typography>
                <Typography variant="body2" color="textSecondary">
                  {block.description}
                </Typography>
              </Box>
              <Button
                size="small"
                variant="outlined"
                aria-label={`Insert ${block.name}`}
                onClick={() => onChoose(block)}
              >
                Insert
              </Button>
            </Box>
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={onClose}>
          Cancel
        </Button>
      </DialogActions>
    </Dialog>
  );
}
