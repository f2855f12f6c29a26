import { Box, Button, Paper } from "@mui/material";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import {
  Form,
  SaveButton,
  useDelete,
  useNotify,
  useRecordContext,
  useRedirect,
  useResourceContext,
} from "react-admin";
import { useFormState } from "react-hook-form";
import { ConfirmDialog } from "@/shared/ConfirmDialog";
import { sentenceOf } from "@/shared/errors";
import { useMay } from "@/shared/permissions";

interface Props {
  children: ReactNode;
  defaultValues?: Record<string, unknown>;
  saveLabel?: string;
  /** One record in words; allows deleting when given. */
  deletable?: string;
  locked?: boolean;
  /** A part that stays in use when the rest is locked, and sees to its own locks. */
  extra?: ReactNode;
}

const LOCKED = { opacity: 0.72, pointerEvents: "none" };

/** A form with its save bar at the foot of the window. Warns before leaving with unsaved changes. */
export function FormPage({
  children,
  defaultValues,
  saveLabel = "Save",
  deletable,
  locked = false,
  extra,
}: Props) {
  const mayEdit = useMay("edit");
  return (
    <Form warnWhenUnsavedChanges {...(defaultValues ? { defaultValues } : {})} noValidate>
      <Box
        component="fieldset"
        disabled={locked || !mayEdit}
        sx={{ border: 0, p: 0, m: 0, minWidth: 0, "&:disabled .MuiInputBase-root": LOCKED }}
      >
        {children}
      </Box>
      {extra}
      {mayEdit && !locked && <SaveBar saveLabel={saveLabel} deletable={deletable} />}
    </Form>
  );
}

function SaveBar({ saveLabel, deletable }: { saveLabel: string; deletable: string | undefined }) {
  const { isDirty } = useFormState();
  return (
    <Paper
      variant="outlined"
      sx={{
        position: "sticky",
        bottom: 16,
        zIndex: 5,
        display: "flex",
        alignItems: "center",
        gap: 2,
        p: 1.5,
        mt: 3,
      }}
    >
      <SaveButton label={saveLabel} alwaysEnable={saveLabel !== "Save"} icon={null as never} />
      <Box sx={{ flex: 1, color: "text.secondary", fontSize: 13 }} role="status">
        {isDirty ? "You have unsaved changes." : ""}
      </Box>
      {deletable && <DeleteAction noun={deletable} />}
    </Paper>
  );
}

function DeleteAction({ noun }: { noun: string }) {
  const record = useRecordContext();
  const resource = useResourceContext() ?? "";
  const [asking, setAsking] = useState(false);
  const [remove, { isPending }] = useDelete();
  const notify = useNotify();
  const redirect = useRedirect();
  if (!record) return null;
  function confirm() {
    remove(
      resource,
      { id: record?.id ?? "", previousData: record },
      {
        onSuccess: () => {
          notify(`The ${noun} is deleted.`, { type: "success" });
          redirect("list", resource);
        },
        onError: (error) => {
          setAsking(false);
          notify(sentenceOf(error), { type: "error", autoHideDuration: 8000 });
        },
      },
    );
  }
  return (
    <>
      <Button color="error" startIcon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Delete this ${noun}?`}
        confirmLabel="Delete"
        danger
        busy={isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
