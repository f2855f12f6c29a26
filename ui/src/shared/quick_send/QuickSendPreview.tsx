import { Alert, Box, IconButton, Typography } from "@mui/material";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useGetOne } from "react-admin";
import { sentenceOf } from "@/shared/errors";
import { API, call, withQuery } from "@/shared/http";
import type { Preview } from "@/shared/model";
import { PreviewFrame } from "@/shared/PreviewFrame";
import { describeContact } from "@/shared/RecordPicker";

/** What each of the people would read, one after the other; in a frame that can do nothing. */
export function QuickSendPreview({ emailId, people }: { emailId: number; people: number[] }) {
  const [at, setAt] = useState(0);
  const place = Math.min(at, people.length - 1);
  const contact = people[place] ?? 0;
  const person = useGetOne("contacts", { id: contact });
  const preview = useQuery({
    queryKey: ["preview", emailId, "quick", contact],
    queryFn: () =>
      call<Preview>(`/emails/${emailId}/preview`, { method: "POST", body: { contact_id: contact } }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Box sx={{ mt: 2, border: 1, borderColor: "divider", borderRadius: 2, overflow: "hidden" }}>
      <Box
        sx={{
          display: "flex",
          alignItems: "center",
          gap: 1,
          px: 2,
          py: 1,
          borderBottom: 1,
          borderColor: "divider",
          bgcolor: "background.default",
        }}
      >
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="caption" color="textSecondary" component="p" noWrap>
            {`As ${person.data ? describeContact(person.data) : "…"} would read it`}
          </Typography>
          <Typography variant="body2" noWrap sx={{ fontWeight: 600 }}>
            {preview.data?.subject || "No subject yet"}
          </Typography>
        </Box>
        {people.length > 1 && (
          <>
            <IconButton
              size="small"
              aria-label="Preview as the person before"
              disabled={place === 0}
              onClick={() => setAt(place - 1)}
            >
              <ChevronLeft size={18} aria-hidden />
            </IconButton>
            <IconButton
              size="small"
              aria-label="Preview as the next person"
              disabled={place === people.length - 1}
              onClick={() => setAt(place + 1)}
            >
              <ChevronRight size={18} aria-hidden />
            </IconButton>
          </>
        )}
      </Box>
      {preview.error && <Alert severity="warning">{sentenceOf(preview.error)}</Alert>}
      {preview.data?.html && (
        <PreviewFrame
          title="Preview of the email"
          src={withQuery(`${API}/emails/${emailId}/preview.html`, { contact_id: contact })}
          style={{ width: "100%", height: 300, display: "block" }}
        />
      )}
    </Box>
  );
}
