import { Button, type ButtonProps } from "@mui/material";
import { Zap } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/shared/permissions";
import { QuickSendDialog } from "./QuickSendDialog";

export const MOST_PEOPLE = 30;

interface Props extends Pick<ButtonProps, "color" | "variant" | "disabled"> {
  /** The people who are chosen already. */
  contactIds?: number[];
  /** The email that is chosen already. */
  emailId?: number;
  label?: string;
}

/** The way to send one email to a few people now. Only for those who may take emails live. */
export function QuickSend({ contactIds = [], emailId, label = "Quick send", ...button }: Props) {
  const mayGoLive = useMay("go_live");
  const [open, setOpen] = useState(false);
  if (!mayGoLive) return null;
  return (
    <>
      <Button
        color="inherit"
        startIcon={<Zap size={16} aria-hidden />}
        onClick={() => setOpen(true)}
        {...button}
      >
        {label}
      </Button>
      {open && (
        <QuickSendDialog
          contactIds={contactIds}
          emailId={emailId ?? null}
          most={MOST_PEOPLE}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
