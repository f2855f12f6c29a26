import { Autocomplete, MenuItem, TextField } from "@mui/material";
import { LEVELS } from "@/shared/consent";
import { COUNTRIES } from "@/shared/countries";
import { LANGUAGES } from "@/shared/languages";
import type { CustomColumn } from "@/shared/model";
import { readMoment, showMoment } from "@/shared/moments";
import { RecordPicker } from "@/shared/RecordPicker";
import type { UpdateColumnTile } from "../definition";

export type ColumnValue = UpdateColumnTile["value"];
export type ColumnKind = CustomColumn["kind"] | "consent" | "user" | "country" | "language" | "time_zone";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
const NO_VALUE = "Leave it empty to take the value away.";

interface Props {
  kind: ColumnKind;
  /** What a column of choices allows. */
  options: string[];
  value: ColumnValue;
  onChange: (value: ColumnValue) => void;
}

/** What a column is to hold, by the input of its kind. */
export function ValueField({ kind, options, value, onChange }: Props) {
  const text = typeof value === "string" ? value : "";
  switch (kind) {
    case "user":
      return (
        <RecordPicker
          resource="users"
          label="Owner"
          value={typeof value === "number" ? value : null}
          onChange={onChange}
        />
      );
    case "boolean":
      return (
        <Choice
          choices={[
            { id: "yes", name: "yes" },
            { id: "no", name: "no" },
          ]}
          value={typeof value === "boolean" ? (value ? "yes" : "no") : ""}
          onChange={(chosen) => onChange(chosen === "yes")}
        />
      );
    case "consent":
      return (
        <Choice
          choices={LEVELS}
          value={typeof value === "number" ? String(value) : ""}
          onChange={(chosen) => onChange(Number(chosen))}
        />
      );
    case "choice":
      return <Choice choices={options.map((id) => ({ id, name: id }))} value={text} onChange={onChange} />;
    case "choices":
      return <Several options={options} value={value} onChange={onChange} />;
    case "country":
      return <Search choices={COUNTRIES} value={text} onChange={onChange} />;
    case "language":
      return <Search choices={LANGUAGES} value={text} onChange={onChange} />;
    case "time_zone":
      return (
        <Search
          choices={ZONES.map((id) => ({ id, name: id.replaceAll("_", " ") }))}
          value={text}
          onChange={onChange}
        />
      );
    case "datetime":
      return (
        <Plain
          type="datetime-local"
          value={showMoment(text)}
          onChange={(local) => onChange(readMoment(local) ?? "")}
        />
      );
    default:
      return (
        <Plain
          type={kind === "number" || kind === "date" ? kind : "text"}
          value={typeof value === "number" ? String(value) : text}
          onChange={onChange}
        />
      );
  }
}

interface PlainProps {
  type: "text" | "number" | "date" | "datetime-local";
  value: string;
  onChange: (value: string) => void;
}

function Plain({ type, value, onChange }: PlainProps) {
  return (
    <TextField
      label="Value"
      type={type}
      helperText={NO_VALUE}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface Named {
  id: string | number;
  name: string;
}

interface ChoiceProps {
  choices: Named[];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ choices, value, onChange }: ChoiceProps) {
  return (
    <TextField select label="Value" value={value} onChange={(event) => onChange(event.target.value)}>
      {choices.map((each) => (
        <MenuItem key={each.id} value={String(each.id)}>
          {each.name}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** One of many, found by typing a part of its name; what is there already stays, also when it is none of them. */
function Search({ choices, value, onChange }: ChoiceProps) {
  const found = choices.find((each) => each.id === value) ?? { id: value, name: value };
  return (
    <Autocomplete
      options={choices}
      value={value ? found : null}
      getOptionLabel={(each) => each.name}
      getOptionKey={(each) => each.id}
      isOptionEqualToValue={(option, chosen) => option.id === chosen.id}
      onChange={(_, chosen) => onChange(String(chosen?.id ?? ""))}
      renderInput={(parameters) => <TextField {...parameters} label="Value" helperText={NO_VALUE} />}
    />
  );
}

interface SeveralProps {
  options: string[];
  value: ColumnValue;
  onChange: (value: string[]) => void;
}

function Several({ options, value, onChange }: SeveralProps) {
  const chosen = Array.isArray(value) ? value.map(String) : typeof value === "string" && value ? [value] : [];
  return (
    <Autocomplete
      multiple
      options={options}
      value={chosen}
      onChange={(_, next) => onChange(next)}
      renderInput={(parameters) => <TextField {...parameters} label="Value" />}
    />
  );
}
