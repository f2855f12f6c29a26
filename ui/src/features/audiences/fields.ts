import { useQuery } from "@tanstack/react-query";
import { call } from "@/shared/http";
import type { SegmentField, SegmentFields, SegmentOperator } from "@/shared/model";
import type { Clause } from "./rules";

export interface Catalogue {
  fields: SegmentField[];
  operatorsOf: (field: string) => SegmentOperator[];
  needsOf: (clause: Clause) => string | undefined;
  find: (key: string) => SegmentField | undefined;
  units: string[];
}

/** The columns that a segment may ask about, and how. Undefined until they have come. */
export function useCatalogue(): Catalogue | undefined {
  const { data } = useQuery({
    queryKey: ["segment-fields"],
    queryFn: () => call<SegmentFields>("/segment-fields"),
    staleTime: 5 * 60_000,
  });
  return data && makeCatalogue(data);
}

export function makeCatalogue(answer: SegmentFields): Catalogue {
  const find = (key: string) => answer.fields.find((field) => field.key === key);
  const operatorsOf = (key: string) => answer.operators[find(key)?.kind ?? ""] ?? [];
  const needsOf = (clause: Clause) =>
    operatorsOf(clause.field).find((operator) => operator.operator === clause.operator)?.needs;
  return { fields: answer.fields, find, operatorsOf, needsOf, units: answer.units };
}
