import { Alert, Box, Button, MenuItem, TextField } from "@mui/material";
import { Languages, Upload } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { useNotify } from "react-admin";
import { CodeArea } from "@/shared/CodeArea";
import { CopyButton } from "@/shared/CopyButton";
import { formatCount } from "@/shared/format";
import { call } from "@/shared/http";
import type { Translation } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { useMay } from "@/shared/permissions";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { KeepTranslation } from "./KeepTranslation";
import { TranslationFindings } from "./TranslationFindings";

type Kind = "html" | "mjml";

const EXAMPLE = `<p>Hello {{contact.firstname}}</p>`;

/** Brings a template of the replaced product along: its expressions become Liquid, and what cannot is told. */
export function TranslatorPage() {
  const [source, setSource] = useState("");
  const [kind, setKind] = useState<Kind>("html");
  const [fileName, setFileName] = useState("");
  const [made, setMade] = useState<Translation | null>(null);
  const mayEdit = useMay("edit");
  const { busy, act } = useAct();
  async function translate() {
    const answer = await act(() =>
      call<Translation>("/translate-template", { method: "POST", body: { source } }),
    );
    if (answer) setMade(answer);
  }
  function change(text: string, name = fileName) {
    setSource(text);
    setFileName(name);
    setMade(null);
  }
  return (
    <>
      <PageHeader
        title="Translate a template"
        subtitle="Paste a template of the product you come from: expressions such as {{#if (eq a 'b')}} become Liquid."
      />
      {!mayEdit && (
        <Alert severity="info" sx={{ mb: 2 }}>
          Your role does not allow translating. Ask somebody who writes emails.
        </Alert>
      )}
      <Section
        title="Old template"
        actions={
          <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap", justifyContent: "flex-end" }}>
            <ReadFile onRead={change} />
            <TextField
              select
              hiddenLabel
              value={kind}
              onChange={(event) => setKind(event.target.value as Kind)}
              slotProps={{ select: { SelectDisplayProps: { "aria-label": "Language of the source" } } }}
            >
              <MenuItem value="html">HTML</MenuItem>
              <MenuItem value="mjml">MJML</MenuItem>
            </TextField>
          </Box>
        }
      >
        <CodeArea label="Its source" value={source} onChange={change} minHeight={240} />
        <Box sx={{ display: "flex", gap: 1, mt: 1 }}>
          <Button
            variant="contained"
            loading={busy}
            disabled={!mayEdit || source.trim() === ""}
            startIcon={<Languages size={17} aria-hidden />}
            onClick={translate}
          >
            Translate
          </Button>
          {source === "" && (
            <Button color="inherit" onClick={() => change(EXAMPLE, "")}>
              Try an example
            </Button>
          )}
        </Box>
      </Section>
      {made && (
        <>
          <Summary made={made} />
          <TranslationFindings findings={made.findings} />
          <Section
            title="Translated"
            actions={
              <Box sx={{ display: "flex", gap: 1, flexWrap: "wrap", justifyContent: "flex-end" }}>
                <CopyButton value={made.source} what="translated template" />
                <KeepTranslation source={made.source} kind={kind} name={fileName} />
              </Box>
            }
          >
            <CodeArea label="In Liquid" value={made.source} onChange={() => {}} readOnly minHeight={240} />
          </Section>
        </>
      )}
    </>
  );
}

function Summary({ made }: { made: Translation }) {
  const left = made.findings.filter((finding) => !finding.done).length;
  const look = made.findings.length - left;
  if (left > 0)
    return (
      <Alert severity="warning" sx={{ mb: 3 }} role="status">
        {`${formatCount(left, "piece")} could not be translated and ${left === 1 ? "stands" : "stand"} as before. Change ${left === 1 ? "it" : "them"} by hand before the email goes live.`}
      </Alert>
    );
  return (
    <Alert severity="success" sx={{ mb: 3 }} role="status">
      {look > 0
        ? `Everything is translated; ${formatCount(look, "piece")} ${look === 1 ? "deserves" : "deserve"} a look.`
        : "Everything is translated."}
    </Alert>
  );
}

const MOST_BYTES = 2_000_000;

/** Reads a file of the computer as text; nothing is uploaded. */
function ReadFile({ onRead }: { onRead: (text: string, name: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const notify = useNotify();
  async function read(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    if (file.size > MOST_BYTES) {
      notify("The file is larger than 2 MB; that is no template.", { type: "error" });
      return;
    }
    onRead(await file.text(), file.name.replace(/\.[^.]*$/, ""));
  }
  return (
    <>
      <Button
        color="inherit"
        startIcon={<Upload size={16} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        Open a file
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".html,.htm,.mjml,.txt,text/*"
        aria-label="File of the old template"
        onChange={read}
      />
    </>
  );
}
