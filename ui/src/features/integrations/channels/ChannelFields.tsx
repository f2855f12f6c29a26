import { MenuItem, TextField } from "@mui/material";
import { AutocompleteInput, ReferenceInput, required, TextInput, useGetList, useInput } from "react-admin";
import { useFormContext, useWatch } from "react-hook-form";
import { Fields } from "@/shared/Fields";
import type { CustomColumn } from "@/shared/model";
import { Section } from "@/shared/Section";
import { checkKey, KEY_RULE, makeKey } from "./responses";

const BUILT_IN = [
  { id: "do_not_email", name: "Do not email" },
  { id: "do_not_bulk_email", name: "Do not bulk email" },
];

/** The columns that can forbid a channel, and what they are called. */
export function useComplianceColumns(): { id: string; name: string }[] {
  const { data } = useGetList<CustomColumn & { id: number }>("custom-columns", {
    filter: { entity: "contact" },
    sort: { field: "label", order: "ASC" },
    pagination: { page: 1, perPage: 200 },
  });
  const own = (data ?? [])
    .filter((column) => column.kind === "boolean")
    .map((column) => ({ id: `custom.${column.key}`, name: column.label || column.key }));
  return [...BUILT_IN, ...own];
}

/** What a channel is called, whom it may not reach, and who is told of each activity. */
export function ChannelFields({ made = false }: { made?: boolean }) {
  return (
    <Section title="Channel">
      <Fields>
        <NameInput follows={!made} />
        <TextInput
          source="key"
          validate={[required(), checkKey]}
          helperText={made ? "Partners see it in each activity: tell them when you change it." : KEY_RULE}
        />
        <TextInput source="description" multiline />
        <ComplianceInput />
        <ReferenceInput source="workflow_id" reference="workflows" sort={{ field: "name", order: "ASC" }}>
          <AutocompleteInput
            label="Workflow that is told"
            filterToQuery={(search) => ({ search })}
            helperText="It is called for each person. Left empty, the partner asks for activities."
          />
        </ReferenceInput>
      </Fields>
    </Section>
  );
}

/** The name, whose key comes with it until somebody types another. */
function NameInput({ follows }: { follows: boolean }) {
  const { setValue, getValues } = useFormContext();
  const before = useWatch({ name: "name" }) as string | undefined;
  function follow(name: string) {
    if (follows && (getValues("key") ?? "") === makeKey(before ?? "")) {
      setValue("key", makeKey(name), { shouldDirty: true, shouldValidate: false });
    }
  }
  return (
    <TextInput
      source="name"
      validate={required()}
      onChange={(event) => follow(event.target.value)}
      autoFocus={follows}
    />
  );
}

function ComplianceInput() {
  const columns = useComplianceColumns();
  const { field } = useInput({ source: "compliance_column" });
  const current = (field.value as string | null | undefined) ?? "";
  const isKnown = current === "" || columns.some((column) => column.id === current);
  return (
    <TextField
      select
      fullWidth
      label="Compliance column"
      value={current}
      onChange={(event) => field.onChange(event.target.value)}
      helperText="A yes-or-no column of contacts: whoever has Yes is never reached this way."
      slotProps={{ select: { displayEmpty: true } }}
    >
      <MenuItem value="">None: everybody may be reached</MenuItem>
      {columns.map((column) => (
        <MenuItem key={column.id} value={column.id}>
          {column.name}
        </MenuItem>
      ))}
      {!isKnown && <MenuItem value={current}>{current} (not there)</MenuItem>}
    </TextField>
  );
}
