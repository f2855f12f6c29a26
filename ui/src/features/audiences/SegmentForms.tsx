import { Alert, Box, LinearProgress } from "@mui/material";
import type { Query } from "@tanstack/react-query";
import {
  CreateBase,
  EditBase,
  type RaRecord,
  required,
  SelectInput,
  TextInput,
  useInput,
  useRecordContext,
} from "react-admin";
import { useWatch } from "react-hook-form";
import { Fields } from "@/shared/Fields";
import { FormPage } from "@/shared/FormPage";
import type { Segment } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { Section } from "@/shared/Section";
import { StatusChip } from "@/shared/StatusChip";
import { TimeZoneInput } from "@/shared/TimeZoneInput";
import { EstimateCard } from "./EstimateCard";
import { useCatalogue } from "./fields";
import { Members } from "./Members";
import { RuleGroup } from "./RuleGroup";
import { EMPTY_GROUP, readGroup } from "./rules";
import { SegmentCommands } from "./SegmentCommands";

const PARENT = { label: "Segments", to: "/segments" };
const KINDS = [
  { id: "dynamic", name: "Dynamic: members follow from conditions" },
  { id: "static", name: "Static: members are chosen one by one" },
];

function makeDraft() {
  return {
    name: "",
    description: "",
    kind: "dynamic",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    definition: EMPTY_GROUP,
  };
}

export function SegmentCreate() {
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={PARENT} title="New segment" />
      <FormPage defaultValues={makeDraft()} saveLabel="Create segment">
        <SegmentFields isNew />
      </FormPage>
    </CreateBase>
  );
}

const MOVING = new Set(["going_live", "stopping"]);

/** Ask again soon while the segment is on its way to another state. */
function findPause(query: Query<RaRecord>): number | false {
  return MOVING.has(query.state.data?.status ?? "") ? 700 : false;
}

export function SegmentEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false} queryOptions={{ refetchInterval: findPause }}>
      <SegmentPage />
    </EditBase>
  );
}

function SegmentPage() {
  const segment = useRecordContext<Segment & { id: number }>();
  if (!segment) return null;
  const isMoving = MOVING.has(segment.status);
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={segment.name}
        status={<StatusChip status={segment.status} />}
        actions={<SegmentCommands segment={segment} />}
      />
      {isMoving && (
        <LinearProgress
          variant={segment.progress > 0 ? "determinate" : "indeterminate"}
          value={segment.progress * 100}
          aria-label="Progress of going live"
          sx={{ mb: 3 }}
        />
      )}
      {segment.evaluation_error && (
        <Alert severity="error" sx={{ mb: 3 }}>
          The last evaluation failed: {segment.evaluation_error}
        </Alert>
      )}
      {segment.status === "live" && segment.kind === "dynamic" && (
        <Alert severity="info" sx={{ mb: 3 }}>
          The segment is live. Changes to its conditions count when it goes live again.
        </Alert>
      )}
      <FormPage locked={isMoving} {...(segment.status === "live" ? {} : { deletable: "segment" })}>
        <SegmentFields />
      </FormPage>
      {(segment.status !== "draft" || segment.kind === "static") && (
        <Members resource="segments" id={segment.id} editable={segment.kind === "static"} />
      )}
    </>
  );
}

function SegmentFields({ isNew = false }: { isNew?: boolean }) {
  const kind = useWatch({ name: "kind" });
  return (
    <>
      <Section title="Segment">
        <Fields columns={2}>
          <TextInput source="name" validate={required()} />
          <TextInput source="description" />
          <SelectInput source="kind" choices={KINDS} validate={required()} disabled={!isNew} />
          <TimeZoneInput source="time_zone" label="Time zone of its dates" />
        </Fields>
      </Section>
      {kind === "dynamic" && <Conditions />}
    </>
  );
}

function Conditions() {
  const { field } = useInput({ source: "definition" });
  const timeZone = useWatch({ name: "time_zone" });
  const catalogue = useCatalogue();
  if (!catalogue) return null;
  const group = readGroup(field.value);
  return (
    <Box
      sx={{
        display: "grid",
        columnGap: 3,
        gridTemplateColumns: { xs: "1fr", lg: "minmax(0, 1fr) 300px" },
        alignItems: "start",
      }}
    >
      <Section title="Conditions">
        <RuleGroup group={group} catalogue={catalogue} onChange={field.onChange} />
      </Section>
      <EstimateCard group={group} timeZone={timeZone ?? "UTC"} catalogue={catalogue} />
    </Box>
  );
}
