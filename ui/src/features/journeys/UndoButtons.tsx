import { Box, IconButton, Tooltip } from "@mui/material";
import { Redo2, Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { ForScreenReaders } from "@/shared/ForScreenReaders";
import type { Undo } from "./undo";

export const UNDO_ID = "undo-drawing";

/** The way back and forth among the changes of a drawing. */
export function UndoButtons({ history }: { history: Undo }) {
  const [said, setSaid] = useState("");
  return (
    <Box sx={{ display: "flex", gap: 0.5 }}>
      <Step
        label="Undo"
        keys="Ctrl+Z"
        what={history.undoes}
        onClick={() => {
          setSaid(`Undone: ${history.undoes}.`);
          history.undo();
        }}
      />
      <Step
        label="Redo"
        keys="Ctrl+Shift+Z"
        what={history.redoes}
        onClick={() => {
          setSaid(`Done again: ${history.redoes}.`);
          history.redo();
        }}
      />
      <ForScreenReaders>
        <span role="status">{said}</span>
      </ForScreenReaders>
    </Box>
  );
}

interface StepProps {
  label: string;
  keys: string;
  what: string | null;
  onClick: () => void;
}

function Step({ label, keys, what, onClick }: StepProps) {
  const Icon = label === "Undo" ? Undo2 : Redo2;
  return (
    <Tooltip title={what ? `${label} ${what} (${keys})` : ""}>
      <span>
        <IconButton
          {...(label === "Undo" ? { id: UNDO_ID } : {})}
          aria-label={what ? `${label} ${what}` : label}
          aria-keyshortcuts={keys.replace("Ctrl", "Control")}
          disabled={what === null}
          onClick={onClick}
        >
          <Icon size={18} aria-hidden />
        </IconButton>
      </span>
    </Tooltip>
  );
}

const OTHERS = "input:not([type=checkbox]), textarea, [contenteditable], [role=dialog] *, [role=menu] *";

/** Whether the keys are somebody else's: in a field Ctrl+Z takes letters back, and a dialog hides the drawing. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches(OTHERS);
}

/** Undo and redo by the keys that everybody knows, wherever on the page nobody is typing. */
export function useUndoKeys({ undo, redo }: Undo, enabled: boolean) {
  useEffect(() => {
    if (!enabled) return;
    function onKeyDown(event: KeyboardEvent) {
      const key = event.key.toLowerCase();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isElsewhere(event.target)) return;
      if (key === "z" && !event.shiftKey) undo();
      else if (key === "y" || (key === "z" && event.shiftKey)) redo();
      else return;
      event.preventDefault();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [undo, redo, enabled]);
}
