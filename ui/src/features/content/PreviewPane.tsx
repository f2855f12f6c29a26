import { Alert, Box, ToggleButton, ToggleButtonGroup, Typography } from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStore } from "react-admin";
import { sentenceOf } from "@/shared/errors";
import { API, call, withQuery } from "@/shared/http";
import type { Email, Preview } from "@/shared/model";
import { PreviewFrame } from "@/shared/PreviewFrame";
import { describeContact, RecordPicker } from "@/shared/RecordPicker";

type Part = "html" | "text";
type Device = "desktop" | "tablet" | "phone";
/** How wide a mail is shown: the window's own width, or that of a usual device, upright or on its side. */
const WIDTHS: Record<Device, [number | null, number | null]> = {
  desktop: [null, null],
  tablet: [768, 1024],
  phone: [390, 844],
};
const EMAIL_SORT = { field: "email", order: "ASC" as const };

/** What was saved last, as a chosen contact would read it; the HTML stands in a frame that can do nothing. */
export function PreviewPane({ email, isStale }: { email: Email; isStale: boolean }) {
  const [contact, setContact] = useStore<number | null>("preview.contact", null);
  const [part, setPart] = useState<Part>("html");
  const [device, setDevice] = useState<Device>("desktop");
  const [onItsSide, setOnItsSide] = useState(false);
  const width = WIDTHS[device][onItsSide ? 1 : 0];
  const preview = useQuery({
    queryKey: ["preview", email.id, email.updated_at, contact],
    queryFn: () =>
      call<Preview>(`/emails/${email.id}/preview`, { method: "POST", body: { contact_id: contact } }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const frame = withQuery(`${API}/emails/${email.id}/preview.html`, {
    contact_id: contact,
    at: email.updated_at,
  });
  return (
    <Box sx={{ display: "flex", flexDirection: "column", minWidth: 0 }}>
      <Box sx={{ display: "flex", gap: 1, alignItems: "flex-end", mb: 1 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <RecordPicker
            resource="contacts"
            label="Preview as"
            value={contact}
            describe={describeContact}
            sort={EMAIL_SORT}
            onChange={setContact}
          />
        </Box>
        <ToggleButtonGroup
          size="small"
          exclusive
          value={part}
          onChange={(_, value: Part | null) => value && setPart(value)}
          aria-label="Part of the email"
        >
          <ToggleButton value="html">HTML</ToggleButton>
          <ToggleButton value="text">Text</ToggleButton>
        </ToggleButtonGroup>
      </Box>
      {part === "html" && (
        <Box sx={{ display: "flex", gap: 1, alignItems: "center", mb: 1 }}>
          <ToggleButtonGroup
            size="small"
            exclusive
            value={device}
            onChange={(_, value: Device | null) => value && setDevice(value)}
            aria-label="Device"
          >
            <ToggleButton value="desktop">Desktop</ToggleButton>
            <ToggleButton value="tablet">Tablet</ToggleButton>
            <ToggleButton value="phone">Phone</ToggleButton>
          </ToggleButtonGroup>
          <ToggleButton
            size="small"
            value="side"
            selected={onItsSide}
            disabled={device === "desktop"}
            onChange={() => setOnItsSide(!onItsSide)}
          >
            On its side
          </ToggleButton>
        </Box>
      )}
      {isStale && (
        <Alert severity="info" sx={{ mb: 1 }}>
          Save to see your changes here.
        </Alert>
      )}
      <Box
        sx={{
          border: 1,
          borderColor: "divider",
          borderRadius: 2,
          overflow: "hidden",
          flex: 1,
          display: "flex",
          flexDirection: "column",
          minHeight: 480,
        }}
      >
        <Box sx={{ px: 2, py: 1.25, borderBottom: 1, borderColor: "divider", bgcolor: "background.default" }}>
          <Typography variant="caption" color="textSecondary" component="p" noWrap>
            {preview.data?.from || "No sender yet"}
          </Typography>
          <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
            {preview.data?.subject || "No subject yet"}
          </Typography>
        </Box>
        {preview.error && <Alert severity="warning">{sentenceOf(preview.error)}</Alert>}
        {preview.data?.html === "" && (
          <Alert severity="warning">
            {preview.data.problems.find((problem) => problem.severity === "error")?.message ??
              "It cannot be shown yet."}
          </Alert>
        )}
        {part === "html" ? (
          <Box sx={{ flex: 1, display: "flex", overflowX: "auto", bgcolor: "action.hover" }}>
            {preview.data?.html && (
              <PreviewFrame
                title="Preview of the email"
                src={frame}
                style={{
                  width: width ?? "100%",
                  flexShrink: 0,
                  minHeight: 480,
                  margin: "0 auto",
                }}
              />
            )}
          </Box>
        ) : (
          <Box
            component="pre"
            sx={{ m: 0, p: 2, overflow: "auto", flex: 1, fontSize: 12.5, whiteSpace: "pre-wrap" }}
          >
            {preview.data?.text}
          </Box>
        )}
      </Box>
    </Box>
  );
}
