import { Chip } from "@mui/material";
import { AutocompleteArrayInput, useGetList } from "react-admin";

/** The labels of a block or template: chosen among those there are, or typed. */
export function LabelsInput() {
  const { data } = useGetList("content-labels", {
    pagination: { page: 1, perPage: 200 },
    sort: { field: "name", order: "ASC" },
  });
  const labels = (data ?? []).map((label) => ({ id: label.name, name: label.name }));
  return (
    <AutocompleteArrayInput
      source="labels"
      choices={labels}
      onCreate={(name) => (name?.trim() ? { id: name.trim(), name: name.trim() } : undefined)}
      createLabel="Type to add a label"
      createItemLabel="Add “%{item}”"
    />
  );
}

/** Labels in a table. */
export function Labels({ labels }: { labels: string[] }) {
  return labels.map((label) => (
    <Chip key={label} size="small" variant="outlined" label={label} sx={{ mr: 0.5 }} />
  ));
}
