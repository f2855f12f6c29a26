import { Box, Button, IconButton, InputAdornment, MenuItem, TextField } from "@mui/material";
import { Plus, Split as SplitIcon, Trash2 } from "lucide-react";
import type { Branch, SplitTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: SplitTile }) {
  const unit = tile.by === "percentage" ? "%" : "";
  return (
    <>
      {tile.branches
        .map((branch) => (branch.amount === null ? "rest" : `${branch.amount}${unit}`))
        .join(" · ")}
    </>
  );
}

function Edit({ tile, change }: EditProps<"split">) {
  const setBranches = (branches: Branch[]) => change({ ...tile, branches });
  const last = tile.branches.length - 1;
  function add() {
    const added: Branch = { label: String.fromCharCode(64 + tile.branches.length), amount: 10, next: null };
    setBranches([...tile.branches.slice(0, last), added, ...tile.branches.slice(last)]);
  }
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        select
        label="Split by"
        value={tile.by}
        onChange={(event) => change({ ...tile, by: event.target.value as SplitTile["by"] })}
      >
        <MenuItem value="percentage">percentage of people</MenuItem>
        <MenuItem value="value">number of people</MenuItem>
      </TextField>
      {tile.branches.map((branch, at) => (
        <BranchRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a branch is known by its place
          key={at}
          branch={branch}
          placeholder={`Branch ${at + 1}`}
          unit={tile.by === "percentage" ? "%" : "people"}
          isLast={at === last}
          change={(next) => setBranches(tile.branches.map((each, number) => (number === at ? next : each)))}
          {...(tile.branches.length > 2 && at !== last && branch.next === null
            ? { remove: () => setBranches(tile.branches.filter((_, number) => number !== at)) }
            : {})}
        />
      ))}
      <Box>
        <Button size="small" startIcon={<Plus size={16} aria-hidden />} onClick={add}>
          Add a branch
        </Button>
      </Box>
    </Box>
  );
}

interface RowProps {
  branch: Branch;
  /** What it is called without a name. */
  placeholder: string;
  unit: string;
  isLast: boolean;
  change: (branch: Branch) => void;
  /** Absent where a branch cannot go: the last one, and those that lead somewhere. */
  remove?: () => void;
}

function BranchRow({ branch, placeholder, unit, isLast, change, remove }: RowProps) {
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "center" }}>
      <TextField
        hiddenLabel
        value={branch.label}
        placeholder={placeholder}
        onChange={(event) => change({ ...branch, label: event.target.value })}
        slotProps={{ htmlInput: { "aria-label": "Name of the branch" } }}
        sx={{ flex: 1 }}
      />
      <TextField
        hiddenLabel
        type={isLast ? "text" : "number"}
        disabled={isLast}
        value={isLast ? "the rest" : (branch.amount ?? "")}
        onChange={(event) =>
          change({ ...branch, amount: event.target.value === "" ? null : Number(event.target.value) })
        }
        slotProps={{
          htmlInput: { "aria-label": `Share of ${branch.label || "the branch"}`, min: 0 },
          input: isLast ? {} : { endAdornment: <InputAdornment position="end">{unit}</InputAdornment> },
        }}
        sx={{ width: 140 }}
      />
      <IconButton aria-label="Remove this branch" disabled={!remove} onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}

export const split: TileView<"split"> = {
  kind: "split",
  label: "Split",
  purpose: "Share people out by lot",
  icon: SplitIcon,
  colour: "warning",
  make: (id) => ({
    id,
    kind: "split",
    name: "",
    description: "",
    by: "percentage",
    branches: [
      { label: "A", amount: 50, next: null },
      { label: "Rest", amount: null, next: null },
    ],
  }),
  Summary,
  Edit,
};
