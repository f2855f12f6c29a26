import { Alert, Box, Button, MenuItem, Step, StepLabel, Stepper, TextField } from "@mui/material";
import { useState } from "react";
import { useRedirect } from "react-admin";
import { call } from "@/shared/http";
import type { ImportPreview, ImportRun } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { useAct } from "@/shared/useAct";
import { FileDrop } from "./FileDrop";
import { MappingTable } from "./MappingTable";

type Mapping = Record<string, string>;

/** CSV import: choose a file, say what its columns are, watch it come in. */
export function ImportWizard() {
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [key, setKey] = useState("email");
  const { busy, act } = useAct();
  const redirect = useRedirect();

  async function choose(chosen: File) {
    const form = new FormData();
    form.set("file", chosen);
    const found = await act(() => call<ImportPreview>("/imports/preview", { method: "POST", form }));
    if (!found) return;
    setFile(chosen);
    setPreview(found);
    setMapping(found.mapping as Mapping);
  }

  async function start() {
    if (!file) return;
    const form = new FormData();
    form.set("file", file);
    form.set("key", key);
    form.set("mapping", JSON.stringify(mapping));
    const run = await act(() => call<ImportRun>("/imports", { method: "POST", form }));
    if (run) redirect(`/imports/${run.id}/show`);
  }

  const keyIsMapped = Object.values(mapping).includes(key);
  return (
    <>
      <PageHeader parent={{ label: "Imports", to: "/imports" }} title="Import contacts" />
      <Steps active={preview ? 1 : 0} />
      {!preview && <FileDrop busy={busy} onChoose={choose} />}
      {preview && file && (
        <Section
          title={file.name}
          description={`Read as ${preview.encoding}. Choose what each column holds; columns that are not used stay out.`}
          actions={
            <Button color="inherit" onClick={() => setPreview(null)}>
              Choose another file
            </Button>
          }
        >
          {preview.warnings.map((warning) => (
            <Alert key={warning} severity="warning" sx={{ mb: 2 }}>
              {warning}
            </Alert>
          ))}
          <MappingTable preview={preview} mapping={mapping} onChange={setMapping} />
          <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: 2, mt: 3 }}>
            <TextField
              select
              label="Contacts are the same when they share"
              value={key}
              onChange={(event) => setKey(event.target.value)}
              sx={{ minWidth: 260 }}
            >
              <MenuItem value="email">their email address</MenuItem>
              <MenuItem value="external_id">their external id</MenuItem>
            </TextField>
            <Button variant="contained" onClick={start} loading={busy} disabled={!keyIsMapped}>
              Start the import
            </Button>
            {!keyIsMapped && (
              <Alert severity="info">
                Choose the column that holds {key === "email" ? "the email address" : "the external id"}{" "}
                first.
              </Alert>
            )}
          </Box>
        </Section>
      )}
    </>
  );
}

export function Steps({ active }: { active: number }) {
  return (
    <Stepper activeStep={active} sx={{ mb: 3, maxWidth: 640 }}>
      {["Choose a file", "Match the columns", "Import"].map((label) => (
        <Step key={label}>
          <StepLabel>{label}</StepLabel>
        </Step>
      ))}
    </Stepper>
  );
}
