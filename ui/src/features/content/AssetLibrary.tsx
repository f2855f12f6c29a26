import { Alert, Box, Button, MenuItem, TextField } from "@mui/material";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Images } from "lucide-react";
import { useState } from "react";
import { useNotify } from "react-admin";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { EmptyState } from "@/shared/EmptyState";
import { sentenceOf } from "@/shared/errors";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { Asset } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { useAct } from "@/shared/useAct";
import { AssetGrid } from "./AssetGrid";
import { AssetUpload } from "./AssetUpload";

interface Page {
  items: Asset[];
  next_cursor: string | null;
  total: number;
}

const KINDS = [
  { value: "", label: "Everything" },
  { value: "image", label: "Images" },
  { value: "file", label: "Files" },
  { value: "video", label: "Videos" },
];

/** The images and files that emails show and link to. */
export function AssetLibrary() {
  const [search, setSearch] = useState("");
  const [kind, setKind] = useState("");
  const [archived, setArchived] = useState(false);
  const mayEdit = useMay("edit");
  const assets = useInfiniteQuery({
    queryKey: ["assets", search, kind, archived],
    queryFn: ({ pageParam }) =>
      call<Page>("/assets", { query: { search, kind, archived, cursor: pageParam, limit: 60 } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const shown = assets.data?.pages.flatMap((page) => page.items) ?? [];
  const total = assets.data?.pages[0]?.total;
  return (
    <>
      <PageHeader
        title="Asset library"
        subtitle={total === undefined ? " " : formatCount(total, "asset")}
        actions={mayEdit && <AssetUpload />}
      />
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mb: 2.5 }}>
        <TextField
          type="search"
          label="Search by name or description"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          sx={{ minWidth: 280 }}
        />
        <TextField select label="Kind" value={kind} onChange={(event) => setKind(event.target.value)}>
          {KINDS.map((each) => (
            <MenuItem key={each.value} value={each.value}>
              {each.label}
            </MenuItem>
          ))}
        </TextField>
        <Button color="inherit" aria-pressed={archived} onClick={() => setArchived(!archived)}>
          {archived ? "Show the library" : "Show archived"}
        </Button>
      </Box>
      {assets.error && <Alert severity="error">{sentenceOf(assets.error)}</Alert>}
      {assets.data && shown.length === 0 && (
        <EmptyState
          icon={Images}
          title="Nothing here"
          sentence="Upload images up to 5 MB, files up to 32 MB, videos up to 128 MB."
        />
      )}
      <AssetGrid assets={shown} actions={(asset) => <AssetActions asset={asset} mayEdit={mayEdit} />} />
      {assets.hasNextPage && (
        <Button sx={{ mt: 2 }} loading={assets.isFetchingNextPage} onClick={() => assets.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function AssetActions({ asset, mayEdit }: { asset: Asset; mayEdit: boolean }) {
  const [asking, setAsking] = useState<"describe" | "delete" | null>(null);
  const [description, setDescription] = useState(asset.description);
  const { busy, act } = useAct();
  const notify = useNotify();
  const path = `/assets/${asset.id}`;
  async function copyAddress() {
    await navigator.clipboard.writeText(asset.url);
    notify("The address is copied.", { type: "success" });
  }
  async function change(body: Partial<Asset>) {
    await act(() => call<Asset>(path, { method: "PATCH", body }));
    setAsking(null);
  }
  async function remove() {
    await act(() => call<void>(path, { method: "DELETE" }), "Removed.");
    setAsking(null);
  }
  return (
    <>
      <Button size="small" aria-label={`Copy address of ${asset.name}`} onClick={copyAddress}>
        Copy address
      </Button>
      {mayEdit && (
        <>
          <Button size="small" aria-label={`Describe ${asset.name}`} onClick={() => setAsking("describe")}>
            Describe
          </Button>
          <Button
            size="small"
            color="inherit"
            aria-label={`${asset.archived ? "Bring back" : "Archive"} ${asset.name}`}
            onClick={() => change({ archived: !asset.archived })}
          >
            {asset.archived ? "Bring back" : "Archive"}
          </Button>
          <Button
            size="small"
            color="error"
            aria-label={`Remove ${asset.name}`}
            onClick={() => setAsking("delete")}
          >
            Remove
          </Button>
        </>
      )}
      <ConfirmDialog
        open={asking === "describe"}
        title={`Describe “${asset.name}”`}
        confirmLabel="Save"
        busy={busy}
        onConfirm={() => change({ description })}
        onClose={() => setAsking(null)}
      >
        <TextField
          label="What it shows"
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          helperText="Becomes the alternative text where the image is inserted."
          fullWidth
          sx={{ mt: 0.5 }}
        />
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "delete"}
        title={`Remove “${asset.name}”?`}
        confirmLabel="Remove"
        danger
        busy={busy}
        onConfirm={remove}
        onClose={() => setAsking(null)}
      >
        What an email shows, or ever showed, cannot be removed; it can be archived.
      </ConfirmDialog>
    </>
  );
}
