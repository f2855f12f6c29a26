import { AutocompleteInput, required } from "react-admin";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")].map((zone) => ({
  id: zone,
  name: zone.replaceAll("_", " "),
}));

interface Props {
  source: string;
  label: string;
  disabled?: boolean;
  optional?: boolean;
}

export function TimeZoneInput({ source, label, disabled = false, optional = false }: Props) {
  return (
    <AutocompleteInput
      source={source}
      label={label}
      choices={ZONES}
      disabled={disabled}
      {...(optional ? { emptyValue: "" } : { validate: required() })}
    />
  );
}
