import { Button } from "@mui/material";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useNotify } from "react-admin";

interface Props {
  value: string;
  /** What is copied, in words: "value of the DKIM record". */
  what: string;
  label?: string;
}

const SHOWN_MS = 2000;

/** Puts a text into the clipboard. */
export function CopyButton({ value, what, label = "Copy" }: Props) {
  const [done, setDone] = useState(false);
  const notify = useNotify();
  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      notify("The browser does not let pages copy here. Mark the text and copy it.", { type: "warning" });
      return;
    }
    setDone(true);
    setTimeout(() => setDone(false), SHOWN_MS);
  }
  const Icon = done ? Check : Copy;
  return (
    <Button
      size="small"
      color="inherit"
      startIcon={<Icon size={14} aria-hidden />}
      aria-label={`${done ? "Copied" : label} the ${what}`}
      onClick={copy}
      sx={{ flexShrink: 0 }}
    >
      {done ? "Copied" : label}
    </Button>
  );
}
