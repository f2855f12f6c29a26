import {
  Alert,
  Box,
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  MenuItem,
  TextField,
} from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import { sentenceOf } from "@/shared/errors";
import { call } from "@/shared/http";
import type { CentrePreview as Found } from "@/shared/model";
import { PreviewFrame } from "@/shared/PreviewFrame";

/** What people see who open the subscription centre, in any of its languages. Nothing can be saved there. */
export function CentrePreview() {
  const [open, setOpen] = useState(false);
  const [language, setLanguage] = useState("en");
  const { data, error } = useQuery({
    queryKey: ["centre-preview", language],
    queryFn: () => call<Found>("/subscription-center/preview", { query: { language } }),
    enabled: open,
    placeholderData: (before) => before,
  });
  return (
    <>
      <Button variant="outlined" startIcon={<Eye size={16} aria-hidden />} onClick={() => setOpen(true)}>
        Preview the centre
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        fullWidth
        maxWidth="md"
        aria-labelledby="centre-title"
      >
        <DialogTitle id="centre-title">The subscription centre</DialogTitle>
        <DialogContent>
          {error && <Alert severity="warning">{sentenceOf(error)}</Alert>}
          <Box sx={{ display: "flex", alignItems: "center", gap: 2, my: 1 }}>
            <TextField
              select
              size="small"
              label="Language"
              value={language}
              onChange={(event) => setLanguage(event.target.value)}
              sx={{ minWidth: 180 }}
            >
              {(data?.languages ?? [{ code: "en", name: "English" }]).map(({ code, name }) => (
                <MenuItem key={code} value={code}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
            <Box sx={{ fontSize: 13, color: "text.secondary" }}>
              People see it in their own language, or in their browser’s.
            </Box>
          </Box>
          {data && (
            <PreviewFrame
              title="Preview of the subscription centre"
              srcDoc={data.html}
              style={{
                border: "1px solid #8884",
                borderRadius: 8,
                width: "100%",
                height: 560,
              }}
            />
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setOpen(false)}>Close</Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
