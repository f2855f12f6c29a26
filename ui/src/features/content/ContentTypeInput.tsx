import { SelectInput } from "react-admin";
import { useFormContext } from "react-hook-form";
import { CONFIRMATION_STARTER, STARTER } from "./starter";

const TYPES = [
  { id: "default", name: "Marketing email" },
  { id: "confirmation_request", name: "Confirmation request" },
];
const STARTERS = new Set([STARTER, CONFIRMATION_STARTER]);

/** What the email is for. A confirmation request is transactional, and a body that nobody has touched follows. */
export function ContentTypeInput({ fixed }: { fixed: boolean }) {
  const { getValues, setValue } = useFormContext();
  function follow(chosen: unknown) {
    const asks = chosen === "confirmation_request";
    if (asks) setValue("legal_designation", "transactional", { shouldDirty: true });
    if (STARTERS.has(getValues("source")) && getValues("source_kind") === "mjml") {
      setValue("source", asks ? CONFIRMATION_STARTER : STARTER, { shouldDirty: true });
    }
  }
  return (
    <SelectInput
      source="content_type"
      label="Content type"
      choices={TYPES}
      disabled={fixed}
      onChange={(event) => follow(event.target.value)}
      helperText={
        fixed
          ? "Fixed since the email first went live."
          : "A confirmation request is what double opt-in sends: it needs {{ message.confirmation_url }}."
      }
    />
  );
}
