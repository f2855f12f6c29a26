import { useGetOne } from "react-admin";

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
