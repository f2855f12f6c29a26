import { Box, Button, LinearProgress, Paper, Typography } from "@mui/material";
import { FileSpreadsheet } from "lucide-react";
import { type DragEvent, useId, useRef, useState } from "react";

/** Choose a file, or drop it. */
export function FileDrop({ busy, onChoose }: { busy: boolean; onChoose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const id = useId();
  function take(files: FileList | null) {
    const file = files?.[0];
    if (file) onChoose(file);
    if (input.current) input.current.value = "";
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }
  return (
    <Paper
      variant="outlined"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        p: 6,
        textAlign: "center",
        borderStyle: "dashed",
        borderWidth: 2,
        borderColor: isOver ? "primary.main" : "divider",
        bgcolor: isOver ? "action.hover" : "background.paper",
      }}
    >
      <Box sx={{ color: "primary.main", mb: 1.5 }}>
        <FileSpreadsheet size={34} strokeWidth={1.5} aria-hidden />
      </Box>
      <Typography variant="h2" gutterBottom>
        Drop a CSV file here
      </Typography>
      <Typography color="textSecondary" sx={{ mb: 2.5 }}>
        With headings in the first row. Commas, semicolons or tabs; Senet finds out which.
      </Typography>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        onChange={(event) => take(event.target.files)}
      />
      <Button variant="contained" disabled={busy} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      {busy && <LinearProgress sx={{ mt: 3, maxWidth: 320, mx: "auto" }} aria-label="Reading the file" />}
    </Paper>
  );
}
