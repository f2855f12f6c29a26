import { Autocomplete, Box, MenuItem, TextField, Typography } from "@mui/material";
import { COUNTRIES, nameCountry } from "@/shared/countries";
import type { Clause, Value } from "./rules";

interface Props {
  clause: Clause;
  needs: string | undefined;
  kind: string;
  options: string[];
  units: string[];
  onChange: (clause: Clause) => void;
}

const COUNTRY_CODES = COUNTRIES.map((country) => country.id);

/** What a column is compared with: nothing, a value, several, two bounds, or a span of time. */
export function ClauseValues({ clause, needs, kind, options, units, onChange }: Props) {
  const setValues = (values: Value[]) => onChange({ ...clause, values });
  switch (needs) {
    case "value":
      return (
        <OneValue
          label="Value"
          kind={kind}
          options={offered(clause, options)}
          value={clause.values[0] ?? ""}
          onChange={(value) => setValues([value])}
        />
      );
    case "values":
      return (
        <SeveralValues
          kind={kind}
          options={offered(clause, options)}
          values={clause.values}
          onChange={setValues}
        />
      );
    case "two":
      return (
        <>
          <OneValue
            label="From"
            kind={kind}
            options={[]}
            value={clause.values[0] ?? ""}
            onChange={(value) => setValues([value, clause.values[1] ?? ""])}
          />
          <Typography variant="body2">and</Typography>
          <OneValue
            label="To"
            kind={kind}
            options={[]}
            value={clause.values[1] ?? ""}
            onChange={(value) => setValues([clause.values[0] ?? "", value])}
          />
        </>
      );
    case "span":
    case "days":
      return <Span clause={clause} units={needs === "span" ? units : []} onChange={onChange} />;
    default:
      return null;
  }
}

function offered(clause: Clause, options: string[]): string[] {
  return clause.field.endsWith(".country") ? COUNTRY_CODES : options;
}

function nameOption(option: string): string {
  return COUNTRY_CODES.includes(option) ? nameCountry(option) : option;
}

function readValue(text: string, kind: string): Value {
  const isNumber =
    (kind === "number" || kind === "record") && text.trim() !== "" && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

function inputType(kind: string): string {
  return { number: "number", record: "number", date: "date", datetime: "date" }[kind] ?? "text";
}

interface OneProps {
  label: string;
  kind: string;
  options: string[];
  value: Value;
  onChange: (value: Value) => void;
}

function OneValue({ label, kind, options, value, onChange }: OneProps) {
  if (options.length > 0) {
    return (
      <Autocomplete
        options={options}
        value={value ? String(value) : null}
        getOptionLabel={nameOption}
        onChange={(_, chosen) => onChange(chosen ?? "")}
        sx={{ flex: "1 1 180px", maxWidth: 280 }}
        renderInput={(parameters) => (
          <TextField
            {...parameters}
            hiddenLabel
            slotProps={{
              ...parameters.slotProps,
              htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": label },
            }}
          />
        )}
      />
    );
  }
  return (
    <TextField
      hiddenLabel
      type={inputType(kind)}
      value={value}
      onChange={(event) => onChange(readValue(event.target.value, kind))}
      slotProps={{ htmlInput: { "aria-label": label } }}
      sx={{ flex: "1 1 140px", maxWidth: 280 }}
    />
  );
}

interface SeveralProps {
  kind: string;
  options: string[];
  values: Value[];
  onChange: (values: Value[]) => void;
}

function SeveralValues({ kind, options, values, onChange }: SeveralProps) {
  return (
    <Autocomplete
      multiple
      freeSolo={options.length === 0}
      autoSelect={options.length === 0}
      options={options}
      value={values.map(String)}
      getOptionLabel={nameOption}
      onChange={(_, chosen) => onChange(chosen.map((text) => readValue(text, kind)))}
      sx={{ flex: "1 1 220px", maxWidth: 420 }}
      renderInput={(parameters) => (
        <TextField
          {...parameters}
          hiddenLabel
          placeholder={values.length ? "" : options.length ? "Choose…" : "Type, then Enter"}
          slotProps={{
            ...parameters.slotProps,
            htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": "Values" },
          }}
        />
      )}
    />
  );
}

interface SpanProps {
  clause: Clause;
  units: string[];
  onChange: (clause: Clause) => void;
}

function Span({ clause, units, onChange }: SpanProps) {
  return (
    <Box sx={{ display: "flex", gap: 1, alignItems: "center" }}>
      <TextField
        hiddenLabel
        type="number"
        value={clause.amount ?? ""}
        onChange={(event) =>
          onChange({ ...clause, amount: event.target.value === "" ? null : Number(event.target.value) })
        }
        slotProps={{ htmlInput: { "aria-label": "Amount", min: 0 } }}
        sx={{ width: 90 }}
      />
      {units.length === 0 && <Typography variant="body2">days</Typography>}
      {units.length > 0 && (
        <TextField
          select
          hiddenLabel
          value={clause.unit ?? ""}
          onChange={(event) => onChange({ ...clause, unit: event.target.value })}
          slotProps={{ select: { SelectDisplayProps: { "aria-label": "Unit" } } }}
        >
          {units.map((unit) => (
            <MenuItem key={unit} value={unit}>
              {unit}
            </MenuItem>
          ))}
        </TextField>
      )}
    </Box>
  );
}
