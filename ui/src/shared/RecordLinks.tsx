import { Box, Link } from "@mui/material";
import { ExternalLink, Plus } from "lucide-react";
import { useMay } from "@/shared/permissions";

interface Props {
  resource: string;
  /** One record in words: "email". */
  noun: string;
  id: number | null;
  /** Where a new one is made, if not on a page of its own. */
  create?: string;
}

const SMALL = { display: "inline-flex", alignItems: "center", gap: 0.5, fontSize: 12.5 };

/** The ways from a picker to the record's own page and to a new record, each in a tab of its own: the form stays. */
export function RecordLinks({ resource, noun, id, create = `/${resource}/create` }: Props) {
  const mayEdit = useMay("edit");
  return (
    <Box sx={{ display: "flex", gap: 2, mt: -0.5 }}>
      {id !== null && (
        <Link href={`/${resource}/${id}`} target="_blank" rel="noopener" sx={SMALL}>
          <ExternalLink size={13} aria-hidden />
          Open the {noun}
        </Link>
      )}
      {mayEdit && (
        <Link href={create} target="_blank" rel="noopener" sx={SMALL}>
          <Plus size={13} aria-hidden />
          New {noun}
        </Link>
      )}
    </Box>
  );
}
