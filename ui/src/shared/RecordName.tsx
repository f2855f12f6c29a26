import { Link as MuiLink } from "@mui/material";
import { useGetOne } from "react-admin";
import { Link } from "react-router-dom";

/** The name of a record of another room, by its id. */
export function RecordName({
  resource,
  id,
  missing = "",
}: {
  resource: string;
  id: number | null;
  missing?: string;
}) {
  const { data } = useGetOne(
    resource,
    { id: id ?? 0 },
    { enabled: id !== null, staleTime: 60_000, retry: false },
  );
  if (id === null) return <>{missing}</>;
  return <>{data?.name ?? `#${id}`}</>;
}

interface LinkProps {
  resource: string;
  id: number | null;
  missing?: string;
  /** The page of the record, behind its address: nothing for its form. */
  page?: "" | "/show";
}

/** The name of a record of another room, as the way to it. */
export function RecordLink({ resource, id, missing = "", page = "" }: LinkProps) {
  if (id === null) return <>{missing}</>;
  return (
    <MuiLink component={Link} to={`/${resource}/${id}${page}`} color="inherit" underline="hover">
      <RecordName resource={resource} id={id} />
    </MuiLink>
  );
}
