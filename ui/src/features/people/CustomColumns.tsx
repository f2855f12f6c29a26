import {
  BooleanInput,
  DateInput,
  NumberInput,
  SelectArrayInput,
  SelectInput,
  TextInput,
  useGetList,
} from "react-admin";
import { Fields } from "@/shared/Fields";
import { MomentInput } from "@/shared/MomentInput";
import type { CustomColumn } from "@/shared/model";
import { Section } from "@/shared/Section";

/** The organisation's own columns of a record, each with the input of its kind. */
export function CustomColumns({ entity }: { entity: "contact" | "company" }) {
  const { data } = useGetList<CustomColumn & { id: number }>("custom-columns", {
    filter: { entity },
    sort: { field: "label", order: "ASC" },
    pagination: { page: 1, perPage: 200 },
  });
  if (!data?.length) return null;
  return (
    <Section title="More about them" description="Your organisation's own columns.">
      <Fields columns={3}>
        {data.map((column) => (
          <CustomInput key={column.id} column={column} />
        ))}
      </Fields>
    </Section>
  );
}

function CustomInput({ column }: { column: CustomColumn }) {
  const shared = { source: `custom.${column.key}`, label: column.label || column.key };
  const choices = column.options.map((option) => ({ id: option, name: option }));
  switch (column.kind) {
    case "number":
      return <NumberInput {...shared} />;
    case "boolean":
      return <BooleanInput {...shared} />;
    case "date":
      return <DateInput {...shared} />;
    case "datetime":
      return <MomentInput {...shared} />;
    case "choice":
      return <SelectInput {...shared} choices={choices} />;
    case "choices":
      return <SelectArrayInput {...shared} choices={choices} />;
    default:
      return <TextInput {...shared} />;
  }
}
