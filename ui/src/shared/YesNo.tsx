/** A truth in a table. */
export function YesNo({ value }: { value: boolean | null | undefined }) {
  return <>{value ? "Yes" : "No"}</>;
}
