import { Box, Button, MenuItem, TextField } from "@mui/material";
import { Blocks, Image } from "lucide-react";
import { useRef, useState } from "react";
import { useInput } from "react-admin";
import { useFormState } from "react-hook-form";
import { CodeArea } from "@/shared/CodeArea";
import type { Asset, Email } from "@/shared/model";
import { Section } from "@/shared/Section";
import { AssetPicker } from "./AssetPicker";
import { BlockPicker } from "./BlockPicker";
import { SOURCE_KINDS } from "./choices";
import { PreviewPane } from "./PreviewPane";
import { insertAt, snippetOf } from "./snippets";

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
  const caret = useRef<number | null>(null);
  const [picking, setPicking] = useState<"asset" | "block" | null>(null);
  function insert(snippet: string) {
    source.field.onChange(insertAt(source.field.value ?? "", snippet, caret.current));
    setPicking(null);
  }
  return (
    <Section
      title="Body"
      actions={
        <>
          {!locked && (
            <>
              <Button
                color="inherit"
                startIcon={<Blocks size={16} aria-hidden />}
                onClick={() => setPicking("block")}
              >
                Insert a block
              </Button>
              <Button
                color="inherit"
                startIcon={<Image size={16} aria-hidden />}
                onClick={() => setPicking("asset")}
              >
                Insert from library
              </Button>
            </>
          )}
          <TextField
            select
            hiddenLabel
            disabled={locked}
            value={kind.field.value ?? "mjml"}
            onChange={kind.field.onChange}
            slotProps={{ select: { SelectDisplayProps: { "aria-label": "Language of the source" } } }}
          >
            {SOURCE_KINDS.map(({ id, name }) => (
              <MenuItem key={id} value={id}>
                {name}
              </MenuItem>
            ))}
          </TextField>
          <AssetPicker
            open={picking === "asset"}
            onChoose={(asset: Asset) => insert(snippetOf(asset, kind.field.value ?? "mjml"))}
            onClose={() => setPicking(null)}
          />
          <BlockPicker
            open={picking === "block"}
            kind={kind.field.value ?? "mjml"}
            onChoose={(block) => insert(block.source)}
            onClose={() => setPicking(null)}
          />
        </>
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
          onLeave={(place) => {
            caret.current = place;
          }}
        />
        {email && <PreviewPane email={email} isStale={Object.keys(dirtyFields).length > 0} />}
      </Box>
    </Section>
  );
}
