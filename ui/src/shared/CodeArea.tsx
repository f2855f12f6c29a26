import { Box, FormHelperText, Typography } from "@mui/material";
import { type KeyboardEvent, useId, useRef } from "react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  minHeight?: number;
  readOnly?: boolean;
  error?: string | undefined;
  /** Told where the caret was when the editor is left. */
  onLeave?: (caret: number) => void;
}

const TAB = "  ";

/** A plain editor for source text. Tab indents; Escape gives Tab back, so that the keyboard can leave. */
export function CodeArea({
  label,
  value,
  onChange,
  minHeight = 420,
  readOnly = false,
  error,
  onLeave,
}: Props) {
  const id = useId();
  const tabLeaves = useRef(false);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === "Escape") {
      tabLeaves.current = true;
      return;
    }
    if (event.key !== "Tab" || event.shiftKey || readOnly || tabLeaves.current) {
      if (event.key !== "Shift") tabLeaves.current = false;
      return;
    }
    event.preventDefault();
    const area = event.currentTarget;
    const { selectionStart: start, selectionEnd: end } = area;
    onChange(value.slice(0, start) + TAB + value.slice(end));
    requestAnimationFrame(() => area.setSelectionRange(start + TAB.length, start + TAB.length));
  }

  return (
    <Box sx={{ display: "flex", flexDirection: "column", minWidth: 0, height: "100%" }}>
      <Typography component="label" htmlFor={id} sx={{ fontSize: 13, fontWeight: 550, mb: 0.5 }}>
        {label}
      </Typography>
      <Box
        component="textarea"
        id={id}
        value={value}
        readOnly={readOnly}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        aria-describedby={`${id}-hint`}
        onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={(event: React.FocusEvent<HTMLTextAreaElement>) => {
          tabLeaves.current = false;
          onLeave?.(event.currentTarget.selectionStart);
        }}
        sx={{
          flex: 1,
          minHeight,
          resize: "vertical",
          p: 1.5,
          fontFamily: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace',
          fontSize: 12.5,
          lineHeight: 1.6,
          tabSize: 2,
          color: "text.primary",
          bgcolor: "background.default",
          border: 1,
          borderColor: error ? "error.main" : "divider",
          borderRadius: 2,
        }}
      />
      <FormHelperText id={`${id}-hint`} error={Boolean(error)}>
        {error ?? (readOnly ? " " : "Tab indents. Press Escape, then Tab, to leave the editor.")}
      </FormHelperText>
    </Box>
  );
}
