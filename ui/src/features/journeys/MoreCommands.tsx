import { Button, ListItemIcon, Menu, MenuItem } from "@mui/material";
import { Copy, Ellipsis, LayoutTemplate } from "lucide-react";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { call } from "@/shared/http";
import type { Journey } from "@/shared/model";
import { useAct } from "@/shared/useAct";
import { SaveAsTemplate } from "./templates/SaveAsTemplate";

/** What one does with a journey now and then: copy it, or keep it as a template. */
export function MoreCommands({ journey }: { journey: Journey }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [saving, setSaving] = useState(false);
  const { busy, act } = useAct();
  const redirect = useRedirect();
  async function copy() {
    setAnchor(null);
    const made = await act(
      () => call<Journey>(`/journeys/${journey.id}/copy`, { method: "POST" }),
      "Copied as a draft.",
    );
    if (made) redirect("edit", "journeys", made.id);
  }
  return (
    <>
      <Button
        color="inherit"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        disabled={busy}
        startIcon={<Ellipsis size={16} aria-hidden />}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        More
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem onClick={copy}>
          <ListItemIcon>
            <Copy size={17} aria-hidden />
          </ListItemIcon>
          Copy
        </MenuItem>
        <MenuItem
          onClick={() => {
            setAnchor(null);
            setSaving(true);
          }}
        >
          <ListItemIcon>
            <LayoutTemplate size={17} aria-hidden />
          </ListItemIcon>
          Save as template
        </MenuItem>
      </Menu>
      {saving && <SaveAsTemplate journey={journey} open onClose={() => setSaving(false)} />}
    </>
  );
}
