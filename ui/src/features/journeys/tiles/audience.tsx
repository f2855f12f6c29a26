import { Box, Button, IconButton, MenuItem, TextField } from "@mui/material";
import { Plus, Trash2, Users } from "lucide-react";
import { RecordLinks } from "@/shared/RecordLinks";
import { RecordName } from "@/shared/RecordName";
import { RecordPicker } from "@/shared/RecordPicker";
import type { AudienceTile, Source } from "../definition";
import type { EditProps, TileView } from "./view";

const RESOURCES = { segment: "segments", list: "lists" };

function Summary({ tile }: { tile: AudienceTile }) {
  const [first, ...rest] = tile.sources;
  if (!first) return <>No segment chosen yet</>;
  return (
    <>
      <RecordName resource={RESOURCES[first.kind]} id={first.id} missing="Not chosen yet" />
      {rest.length > 0 && ` and ${rest.length} more`}
    </>
  );
}

function Edit({ tile, change }: EditProps<"audience">) {
  const setSources = (sources: Source[]) => change({ ...tile, sources });
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      {tile.sources.map((source, at) => (
        <SourceRow
          // biome-ignore lint/suspicious/noArrayIndexKey: sources have no identity of their own
          key={at}
          source={source}
          change={(next) => setSources(tile.sources.map((each, number) => (number === at ? next : each)))}
          remove={() => setSources(tile.sources.filter((_, number) => number !== at))}
        />
      ))}
      <Box>
        <Button
          size="small"
          startIcon={<Plus size={16} aria-hidden />}
          onClick={() => setSources([...tile.sources, { kind: "segment", id: null, containment: "include" }])}
        >
          Add a segment or list
        </Button>
      </Box>
      {tile.sources.filter((source) => source.containment === "include").length > 1 && (
        <TextField
          select
          label="People must be in"
          value={tile.merge}
          onChange={(event) => change({ ...tile, merge: event.target.value as AudienceTile["merge"] })}
        >
          <MenuItem value="union">at least one of them</MenuItem>
          <MenuItem value="intersection">all of them</MenuItem>
        </TextField>
      )}
    </Box>
  );
}

interface RowProps {
  source: Source;
  change: (source: Source) => void;
  remove: () => void;
}

function SourceRow({ source, change, remove }: RowProps) {
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <TextField
        select
        hiddenLabel
        value={source.containment}
        onChange={(event) => change({ ...source, containment: event.target.value as Source["containment"] })}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Include or exclude" } } }}
      >
        <MenuItem value="include">Include</MenuItem>
        <MenuItem value="exclude">Exclude</MenuItem>
      </TextField>
      <TextField
        select
        hiddenLabel
        value={source.kind}
        onChange={(event) => change({ ...source, kind: event.target.value as Source["kind"], id: null })}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Kind of source" } } }}
      >
        <MenuItem value="segment">segment</MenuItem>
        <MenuItem value="list">list</MenuItem>
      </TextField>
      <Box sx={{ flex: "1 1 180px" }}>
        <RecordPicker
          hideLabel
          resource={RESOURCES[source.kind]}
          label={source.kind === "segment" ? "Segment" : "Subscription list"}
          value={source.id}
          onChange={(id) => change({ ...source, id })}
        />
      </Box>
      <IconButton aria-label="Remove this source" onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
      <Box sx={{ flexBasis: "100%" }}>
        <RecordLinks resource={RESOURCES[source.kind]} noun={source.kind} id={source.id} />
      </Box>
    </Box>
  );
}

export const audience: TileView<"audience"> = {
  kind: "audience",
  label: "Audience",
  purpose: "Who enters: members of segments and subscription lists",
  icon: Users,
  colour: "primary",
  make: (id) => ({
    id,
    kind: "audience",
    name: "Audience",
    description: "",
    sources: [],
    merge: "union",
    next: null,
  }),
  Summary,
  Edit,
};
