import { Box, Button, IconButton, MenuItem, TextField } from "@mui/material";
import { GitFork, Plus, Trash2 } from "lucide-react";
import { useGetOne } from "react-admin";
import { humanise } from "@/shared/format";
import {
  type ChannelResponse,
  type Condition,
  findTile,
  type IfThenTile,
  type Rule,
  type Tile,
} from "../definition";
import { findAncestors } from "../editing";
import { DurationField, describeDuration } from "./durations";
import { LinkField } from "./link_field";
import { answersOf, CONDITIONS, conditionsOf, makeRule, RECORDLESS } from "./rules";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: IfThenTile }) {
  const [rule] = tile.rules;
  if (!rule) return <>No rule yet</>;
  const more = tile.rules.length > 1 ? ` ${tile.logic} ${tile.rules.length - 1} more` : "";
  const wait = tile.timeout ? ` within ${describeDuration(tile.timeout)}` : "";
  return <>{humanise(`${CONDITIONS[rule.condition].label.replace(/ \(.*\)/, "")}${more}${wait}`)}</>;
}

function Edit({ tile, definition, change }: EditProps<"if_then">) {
  const sources = findAncestors(definition, tile.id).filter((each) => conditionsOf(each).length > 0);
  const setRules = (rules: Rule[]) => change({ ...tile, rules });
  const blank = makeRule(sources.at(-1));
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      {tile.rules.map((rule, at) => (
        <RuleRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity of their own
          key={at}
          rule={rule}
          sources={sources}
          source={findTile(definition, rule.source)}
          change={(next) => setRules(tile.rules.map((each, number) => (number === at ? next : each)))}
          remove={() => setRules(tile.rules.filter((_, number) => number !== at))}
        />
      ))}
      <Box>
        <Button
          size="small"
          startIcon={<Plus size={16} aria-hidden />}
          onClick={() => setRules([...tile.rules, blank])}
        >
          Add a rule
        </Button>
      </Box>
      {tile.rules.length > 1 && (
        <TextField
          select
          label="Take the yes branch when"
          value={tile.logic}
          onChange={(event) => change({ ...tile, logic: event.target.value as IfThenTile["logic"] })}
        >
          <MenuItem value="or">at least one rule is true</MenuItem>
          <MenuItem value="and">all rules are true</MenuItem>
        </TextField>
      )}
      <TextField
        select
        label="Ask of"
        value={tile.based_on}
        onChange={(event) => change({ ...tile, based_on: event.target.value as IfThenTile["based_on"] })}
        helperText={
          tile.based_on === "company" ? "The first person who does it sends the whole company." : undefined
        }
      >
        <MenuItem value="contact">each person</MenuItem>
        <MenuItem value="company">each company</MenuItem>
      </TextField>
      <DurationField
        label="Wait up to"
        value={tile.timeout}
        onChange={(timeout) => change({ ...tile, timeout })}
      />
    </Box>
  );
}

interface RowProps {
  rule: Rule;
  source: Tile | undefined;
  sources: Tile[];
  change: (rule: Rule) => void;
  remove: () => void;
}

function RuleRow({ rule, source, sources, change, remove }: RowProps) {
  const { about } = CONDITIONS[rule.condition];
  const records = RECORDLESS.includes(about) ? [] : (answersOf(source)[about] ?? []);
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <TextField
        select
        hiddenLabel
        value={source ? String(rule.source) : ""}
        onChange={(event) =>
          change(
            makeRule(
              sources.find((each) => each.id === Number(event.target.value)),
              rule.condition,
            ),
          )
        }
        slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { "aria-label": "Tile" } } }}
        sx={{ flex: "1 1 140px" }}
      >
        <MenuItem value="" disabled>
          Choose a tile
        </MenuItem>
        {sources.map((each) => (
          <MenuItem key={each.id} value={String(each.id)}>
            {each.name || `${humanise(each.kind)} ${each.id}`}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        select
        hiddenLabel
        value={conditionsOf(source).includes(rule.condition) ? rule.condition : ""}
        onChange={(event) => change(makeRule(source, event.target.value as Condition))}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "What happened" } } }}
        sx={{ flex: "1 1 160px" }}
      >
        {conditionsOf(source).map((condition) => (
          <MenuItem key={condition} value={condition}>
            {CONDITIONS[condition].label}
          </MenuItem>
        ))}
      </TextField>
      <IconButton aria-label="Remove this rule" onClick={remove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
      {rule.condition === "clicked_link" && (
        <LinkField
          emailId={source?.kind === "email" ? source.email_id : null}
          testId={source?.kind === "email" ? source.ab_test_id : null}
          rule={rule}
          change={change}
        />
      )}
      {rule.condition === "responded" && (
        <ResponseFields
          channelId={source?.kind === "custom_channel" ? source.channel_id : null}
          rule={rule}
          change={change}
        />
      )}
      {records.length > 1 && (
        <TextField
          select
          hiddenLabel
          value={rule.element_id ?? ""}
          onChange={(event) => change({ ...rule, element_id: Number(event.target.value) })}
          slotProps={{ select: { SelectDisplayProps: { "aria-label": "Which one" } } }}
          sx={{ flex: "1 1 100%" }}
        >
          {records.map((record) => (
            <MenuItem key={record} value={record}>
              {humanise(about)} {record}
            </MenuItem>
          ))}
        </TextField>
      )}
    </Box>
  );
}

interface ResponseProps {
  channelId: number | null;
  rule: Rule;
  change: (rule: Rule) => void;
}

function ResponseFields({ channelId, rule, change }: ResponseProps) {
  const channel = useGetOne(
    "channels",
    { id: channelId ?? 0 },
    { enabled: channelId !== null, retry: false },
  );
  const found = (channel.data?.responses ?? []) as ChannelResponse[];
  const chosen = found.find((each) => each.key === rule.response);
  return (
    <>
      <TextField
        select
        hiddenLabel
        value={chosen?.key ?? ""}
        onChange={(event) => change({ ...rule, response: event.target.value, keyword: null })}
        helperText={found.length === 0 ? "Choose a channel that declares responses." : undefined}
        slotProps={{ select: { displayEmpty: true, SelectDisplayProps: { "aria-label": "Response" } } }}
        sx={{ flex: "1 1 100%" }}
      >
        <MenuItem value="" disabled>
          Choose a response
        </MenuItem>
        {found.map((each) => (
          <MenuItem key={each.key} value={each.key}>
            {each.label}
          </MenuItem>
        ))}
      </TextField>
      {chosen?.custom && (
        <TextField
          label="Keyword"
          value={rule.keyword ?? ""}
          onChange={(event) => change({ ...rule, keyword: event.target.value })}
          sx={{ flex: "1 1 100%" }}
        />
      )}
    </>
  );
}

export const if_then: TileView<"if_then"> = {
  kind: "if_then",
  label: "If / then",
  purpose: "Wait for a response, then go one of two ways",
  icon: GitFork,
  colour: "warning",
  make: (id) => ({
    id,
    kind: "if_then",
    name: "",
    description: "",
    rules: [],
    logic: "or",
    timeout: { amount: 3, unit: "days" },
    based_on: "contact",
    yes: null,
    no: null,
  }),
  Summary,
  Edit,
};
