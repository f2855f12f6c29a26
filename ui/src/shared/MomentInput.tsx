import { DateTimeInput, type Validator } from "react-admin";
import { useWatch } from "react-hook-form";
import { describeElsewhere, readMoment } from "@/shared/moments";

interface Props {
  source: string;
  label: string;
  disabled?: boolean;
  hint?: string;
  /** The form's field that holds the time zone in which the moment matters. */
  zoneSource?: string;
  validate?: Validator;
}

/** A day and an hour on the reader's own clock; it is sent with its zone, so that everybody means the same moment. */
export function MomentInput({
  source,
  label,
  disabled = false,
  hint = "",
  zoneSource = "",
  validate,
}: Props) {
  const [moment, zone] = useWatch({ name: [source, zoneSource || source] });
  const elsewhere = zoneSource ? describeElsewhere(moment, zone) : "";
  return (
    <DateTimeInput
      source={source}
      label={label}
      disabled={disabled}
      parse={readMoment}
      helperText={[hint, elsewhere ? `Your time: ${elsewhere}.` : "In your own time zone."]
        .filter(Boolean)
        .join(" ")}
      {...(validate ? { validate } : {})}
    />
  );
}
