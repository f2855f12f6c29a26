import { Box, Button, IconButton, MenuItem, Paper, TextField, Typography } from "@mui/material";
import { FolderPlus, Plus, Trash2, UsersRound } from "lucide-react";
import { ClauseRow } from "./ClauseRow";
import type { Catalogue } from "./fields";
import { MembershipRow } from "./MembershipRow";
import { addItem, changeItem, EMPTY_GROUP, type Group, type Rule } from "./rules";

interface Props {
  group: Group;
  catalogue: Catalogue;
  onChange: (group: Group) => void;
  /** Absent for the outermost group, which cannot go. */
  onRemove?: () => void;
  depth?: number;
}

const MAX_DEPTH = 6;

/** A group of conditions and what joins them; groups may hold groups. */
export function RuleGroup({ group, catalogue, onChange, onRemove, depth = 1 }: Props) {
  const first = catalogue.fields[0];
  const blank: Rule = {
    kind: "clause",
    field: first?.key ?? "",
    operator: catalogue.operatorsOf(first?.key ?? "")[0]?.operator ?? "",
    values: [],
    amount: null,
    unit: null,
  };
  return (
    <Paper
      variant="outlined"
      role="group"
      aria-label={depth === 1 ? "Conditions" : "Group of conditions"}
      sx={{ p: 2, bgcolor: depth % 2 ? "background.default" : "background.paper" }}
    >
      <GroupHead group={group} onChange={onChange} onRemove={onRemove} />
      <Box sx={{ display: "grid", gap: 1.25, my: group.items.length ? 1.5 : 0 }}>
        {group.items.map((item, at) => (
          <RuleItem
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity of their own
            key={at}
            item={item}
            catalogue={catalogue}
            depth={depth}
            onChange={(next) => onChange(changeItem(group, at, next))}
          />
        ))}
      </Box>
      {group.items.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ my: 1.5 }}>
          No conditions yet.
        </Typography>
      )}
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
        <Button
          size="small"
          startIcon={<Plus size={16} aria-hidden />}
          onClick={() => onChange(addItem(group, blank))}
        >
          Add a condition
        </Button>
        <Button
          size="small"
          color="inherit"
          startIcon={<UsersRound size={16} aria-hidden />}
          onClick={() =>
            onChange(addItem(group, { kind: "membership", audience: "segment", ids: [], containment: "in" }))
          }
        >
          Add a segment or list
        </Button>
        {depth < MAX_DEPTH && (
          <Button
            size="small"
            color="inherit"
            startIcon={<FolderPlus size={16} aria-hidden />}
            onClick={() => onChange(addItem(group, { ...EMPTY_GROUP, join: "or", items: [blank] }))}
          >
            Add a group
          </Button>
        )}
      </Box>
    </Paper>
  );
}

interface ItemProps {
  item: Rule;
  catalogue: Catalogue;
  depth: number;
  onChange: (item: Rule | null) => void;
}

function RuleItem({ item, catalogue, depth, onChange }: ItemProps) {
  const remove = () => onChange(null);
  switch (item.kind) {
    case "group":
      return (
        <RuleGroup
          group={item}
          catalogue={catalogue}
          depth={depth + 1}
          onChange={onChange}
          onRemove={remove}
        />
      );
    case "membership":
      return <MembershipRow membership={item} onChange={onChange} onRemove={remove} />;
    default:
      return <ClauseRow clause={item} catalogue={catalogue} onChange={onChange} onRemove={remove} />;
  }
}

interface HeadProps {
  group: Group;
  onChange: (group: Group) => void;
  onRemove: (() => void) | undefined;
}

function GroupHead({ group, onChange, onRemove }: HeadProps) {
  const choice = group.negate
    ? group.join === "or"
      ? "none"
      : "not_all"
    : group.join === "and"
      ? "all"
      : "any";
  function choose(value: string) {
    onChange({
      ...group,
      join: value === "all" || value === "not_all" ? "and" : "or",
      negate: value === "none" || value === "not_all",
    });
  }
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
      <Typography variant="body2">Contacts for whom</Typography>
      <TextField
        select
        hiddenLabel
        value={choice}
        onChange={(event) => choose(event.target.value)}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "How the conditions are joined" } } }}
      >
        <MenuItem value="all">all of these are true</MenuItem>
        <MenuItem value="any">at least one of these is true</MenuItem>
        <MenuItem value="none">none of these is true</MenuItem>
        <MenuItem value="not_all">not all of these are true</MenuItem>
      </TextField>
      <Box sx={{ flex: 1 }} />
      {onRemove && (
        <IconButton size="small" aria-label="Remove this group" onClick={onRemove}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      )}
    </Box>
  );
}
