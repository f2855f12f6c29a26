import { Alert, Box, Button } from "@mui/material";
import { Image } from "lucide-react";
import { useRef, useState } from "react";
import { useInput } from "react-admin";
import { useFormState } from "react-hook-form";
import { CodeArea } from "@/shared/CodeArea";
import type { Asset } from "@/shared/model";
import { PreviewFrame } from "@/shared/PreviewFrame";
import { Section } from "@/shared/Section";
import { AssetPicker } from "./AssetPicker";
import { insertAt, snippetOf } from "./snippets";

interface Props {
  /** What it looks like as it was saved last: the frame's name and address. */
  preview?: { title: string; address: string };
}

/** A source on one side; on the other, once it is saved, what it looks like. */
export function SourceBody({ preview }: Props) {
  const source = useInput({ source: "source" });
  const kind = useInput({ source: "source_kind" });
  const { dirtyFields } = useFormState();
  const caret = useRef<number | null>(null);
  const [picking, setPicking] = useState(false);
  const isStale = Object.keys(dirtyFields).length > 0;
  function insert(asset: Asset) {
    const snippet = snippetOf(asset, kind.field.value ?? "mjml");
    source.field.onChange(insertAt(source.field.value ?? "", snippet, caret.current));
    setPicking(false);
  }
  return (
    <Section
      title="Source"
      actions={
        <Button color="inherit" startIcon={<Image size={16} aria-hidden />} onClick={() => setPicking(true)}>
          Insert from library
        </Button>
      }
    >
      <AssetPicker open={picking} onChoose={insert} onClose={() => setPicking(false)} />
      <Box
        sx={{
          display: "grid",
          gap: 2.5,
          gridTemplateColumns: { xs: "1fr", lg: preview ? "minmax(0, 1fr) minmax(0, 1fr)" : "1fr" },
        }}
      >
        <CodeArea
          label={kind.field.value === "html" ? "HTML" : "MJML"}
          value={source.field.value ?? ""}
          onChange={source.field.onChange}
          minHeight={360}
          onLeave={(place) => {
            caret.current = place;
          }}
        />
        {preview && (
          <Box sx={{ display: "flex", flexDirection: "column", minWidth: 0 }}>
            {isStale && (
              <Alert severity="info" sx={{ mb: 1 }}>
                Save to see your changes here.
              </Alert>
            )}
            <PreviewFrame
              title={preview.title}
              src={preview.address}
              style={{
                border: "1px solid rgba(128, 128, 128, 0.35)",
                borderRadius: 8,
                width: "100%",
                flex: 1,
                minHeight: 360,
              }}
            />
          </Box>
        )}
      </Box>
    </Section>
  );
}
