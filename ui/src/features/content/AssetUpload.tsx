import { Button } from "@mui/material";
import { Upload } from "lucide-react";
import { useRef } from "react";
import { call } from "@/shared/http";
import type { Asset } from "@/shared/model";
import { useAct } from "@/shared/useAct";

/** Puts files into the library, one after the other. */
export function AssetUpload({ onUploaded }: { onUploaded?: (asset: Asset) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const { busy, act } = useAct();
  async function upload(files: FileList | null) {
    for (const file of files ?? []) {
      const form = new FormData();
      form.set("file", file);
      const made = await act(
        () => call<Asset>("/assets", { method: "POST", form }),
        `${file.name} is in the library.`,
      );
      if (made) onUploaded?.(made);
    }
    if (input.current) input.current.value = "";
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files for the library"
        onChange={(event) => upload(event.target.files)}
      />
      <Button
        variant="contained"
        loading={busy}
        startIcon={<Upload size={16} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        Upload
      </Button>
    </>
  );
}
