import { Autocomplete, Box, IconButton, MenuItem, TextField } from "@mui/material";
import { Trash2 } from "lucide-react";
import { humanise } from "@/shared/format";
import { ClauseValues } from "./ClauseValues";
import type { Catalogue } from "./fields";
import type { Clause } from "./rules";

interface Props {
  clause: Clause;
  catalogue: Catalogue;
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}

/** One condition: a column, how it is compared, and with what. */
export function ClauseRow({ clause, catalogue, onChange, onRemove }: Props) {
  const operators = catalogue.operatorsOf(clause.field);
  const field = catalogue.find(clause.field);
  function chooseField(key: string) {
    const [first] = catalogue.operatorsOf(key);
    onChange({
      ...clause,
      field: key,
      operator: first?.operator ?? "",
      values: [],
      amount: null,
      unit: null,
    });
  }
  function chooseOperator(operator: string) {
    const next = { ...clause, operator };
    const needs = catalogue.needsOf(next);
    if (needs === catalogue.needsOf(clause)) onChange(next);
    else if (needs === "span") onChange({ ...next, values: [], amount: 30, unit: "days" });
    else if (needs === "days") onChange({ ...next, values: [], amount: 7, unit: null });
    else
      onChange({
        ...next,
        values: needs === "value" ? clause.values.slice(0, 1) : clause.values,
        amount: null,
        unit: null,
      });
  }
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <Autocomplete
        disableClearable
        options={catalogue.fields}
        value={field ?? catalogue.fields[0]}
        groupBy={(option) => (option.key.includes(".custom.") ? "Custom columns" : humanise(option.entity))}
        getOptionLabel={(option) => option.label}
        getOptionKey={(option) => option.key}
        isOptionEqualToValue={(option, value) => option.key === value.key}
        onChange={(_, option) => chooseField(option.key)}
        sx={{ flex: "1 1 180px", maxWidth: 260 }}
        renderInput={(parameters) => (
          <TextField
            {...parameters}
            hiddenLabel
            slotProps={{
              ...parameters.slotProps,
              htmlInput: { ...parameters.slotProps?.htmlInput, "aria-label": "Column" },
            }}
          />
        )}
      />
      <TextField
        select
        hiddenLabel
        value={clause.operator}
        onChange={(event) => chooseOperator(event.target.value)}
        slotProps={{ select: { SelectDisplayProps: { "aria-label": "Comparison" } } }}
        sx={{ flex: "0 1 170px" }}
      >
        {operators.map((operator) => (
          <MenuItem key={operator.operator} value={operator.operator}>
            {operator.label}
          </MenuItem>
        ))}
      </TextField>
      <ClauseValues
        clause={clause}
        needs={catalogue.needsOf(clause)}
        kind={field?.kind ?? "text"}
        options={field?.options ?? []}
        units={catalogue.units}
        onChange={onChange}
      />
      <Box sx={{ flex: "1 0 0" }} />
      <IconButton size="small" aria-label="Remove this condition" onClick={onRemove}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </Box>
  );
}
