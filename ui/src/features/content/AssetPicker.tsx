import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { sentenceOf } from "@/shared/errors";
import { call } from "@/shared/http";
import type { Asset } from "@/shared/model";
import { AssetGrid } from "./AssetGrid";
import { AssetUpload } from "./AssetUpload";

interface Props {
  open: boolean;
  onChoose: (asset: Asset) => void;
  onClose: () => void;
}

/** Chooses from the library, or puts something into it first. */
export function AssetPicker({ open, onChoose, onClose }: Props) {
  const id = useId();
  const [search, setSearch] = useState("");
  const assets = useQuery({
    queryKey: ["assets", "picker", search],
    queryFn: () =>
      call<{ items: Asset[] }>("/assets", {
        query: { search, archived: false, limit: 60, sort: "-created_at" },
      }),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  return (
    <Dialog open={open} onClose={onClose} maxWidth="md" fullWidth aria-labelledby={id}>
      <DialogTitle id={id}>Choose from the library</DialogTitle>
      <DialogContent>
        {assets.error && <Alert severity="error">{sentenceOf(assets.error)}</Alert>}
        <TextField
          type="search"
          label="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          fullWidth
          sx={{ mb: 2, mt: 0.5 }}
        />
        <AssetGrid
          assets={assets.data?.items ?? []}
          actions={(asset) => (
            <Button
              size="small"
              variant="outlined"
              aria-label={`Insert ${asset.name}`}
              onClick={() => onChoose(asset)}
            >
              Insert
            </Button>
          )}
        />
      </DialogContent>
      <DialogActions>
        <AssetUpload onUploaded={onChoose} />
        <Button color="inherit" onClick={onClose}>
          Cancel
        </Button>
      </DialogActions>
    </Dialog>
  );
}
