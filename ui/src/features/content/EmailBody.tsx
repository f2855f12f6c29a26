import { Box, MenuItem, TextField } from "@mui/material";
import { useInput } from "react-admin";
import { useFormState } from "react-hook-form";
import { CodeArea } from "@/shared/CodeArea";
import type { Email } from "@/shared/model";
import { Section } from "@/shared/Section";
import { PreviewPane } from "./PreviewPane";

interface Props {
  /** Absent while the email is new: there is nothing to preview yet. */
  email?: Email;
  locked?: boolean;
}

/** The source on one side, the mail as somebody reads it on the other. */
export function EmailBody({ email, locked = false }: Props) {
  const source = useInput({ source: "source" });
  const kind = useInput({ source: "source_kind" });
  const { dirtyFields } = useFormState();
  return (
    <Section
      title="Body"
      actions={
        <TextField
          select
          hiddenLabel
          disabled={locked}
          value={kind.field.value ?? "mjml"}
          onChange={kind.field.onChange}
          slotProps={{ select: { SelectDisplayProps: { "aria-label": "Language of the source" } } }}
        >
          <MenuItem value="mjml">MJML</MenuItem>
          <MenuItem value="html">HTML</MenuItem>
        </TextField>
      }
    >
      <Box
        sx={{
          display: "grid",
          gap: 2.5,
          gridTemplateColumns: { xs: "1fr", lg: email ? "minmax(0, 1fr) minmax(0, 1fr)" : "1fr" },
        }}
      >
        <CodeArea
          label={kind.field.value === "html" ? "HTML" : "MJML"}
          value={source.field.value ?? ""}
          onChange={source.field.onChange}
          minHeight={560}
          readOnly={locked}
        />
        {email && <PreviewPane email={email} isStale={Object.keys(dirtyFields).length > 0} />}
      </Box>
    </Section>
  );
}
