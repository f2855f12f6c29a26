import { Box, FormControlLabel, MenuItem, Switch, TextField } from "@mui/material";
import { BadgeEuro } from "lucide-react";
import type { CreateLeadTile } from "../definition";
import type { EditProps, TileView } from "./view";

function Summary({ tile }: { tile: CreateLeadTile }) {
  const whose = tile.create_for === "company" ? "each company" : "each person";
  return <>{tile.topic ? `${tile.topic}, of ${whose}` : `Of ${whose}`}</>;
}

function Edit({ tile, change }: EditProps<"create_lead">) {
  return (
    <Box sx={{ display: "grid", gap: 1.5 }}>
      <TextField
        label="Topic"
        helperText="Left empty, it is the tile's name."
        value={tile.topic}
        onChange={(event) => change({ ...tile, topic: event.target.value })}
      />
      <TextField
        select
        label="Create for each"
        value={tile.create_for}
        onChange={(event) =>
          change({ ...tile, create_for: event.target.value as CreateLeadTile["create_for"] })
        }
      >
        <MenuItem value="contact">contact</MenuItem>
        <MenuItem value="company">company</MenuItem>
      </TextField>
      <TextField
        label="Last name placeholder"
        helperText="For companies, and for people without a last name."
        value={tile.last_name_placeholder}
        onChange={(event) => change({ ...tile, last_name_placeholder: event.target.value })}
      />
      <FormControlLabel
        label="Also for deactivated contacts"
        control={
          <Switch
            checked={tile.for_inactive}
            onChange={(event) => change({ ...tile, for_inactive: event.target.checked })}
          />
        }
      />
    </Box>
  );
}

export const create_lead: TileView<"create_lead"> = {
  kind: "create_lead",
  label: "Create lead",
  purpose: "Make a lead of each person or company",
  icon: BadgeEuro,
  colour: "success",
  make: (id) => ({
    id,
    kind: "create_lead",
    name: "",
    description: "",
    topic: "",
    create_for: "contact",
    last_name_placeholder: "",
    for_inactive: true,
    next: null,
  }),
  Summary,
  Edit,
};
