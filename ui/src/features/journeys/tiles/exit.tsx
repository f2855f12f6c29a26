import { Typography } from "@mui/material";
import { DoorOpen } from "lucide-react";
import type { TileView } from "./view";

const ENDS = "Ends the journey for this person, on every lane";

function Summary() {
  return <>{ENDS}</>;
}

function Edit() {
  return <Typography variant="body2">{ENDS}. There is nothing to set.</Typography>;
}

export const exit: TileView<"exit"> = {
  kind: "exit",
  label: "Exit",
  purpose: "End the journey for whoever comes here",
  icon: DoorOpen,
  colour: "secondary",
  make: (id) => ({ id, kind: "exit", name: "", description: "" }),
  Summary,
  Edit,
};
