import { Alert, Button } from "@mui/material";
import { ChartNoAxesCombined } from "lucide-react";
import { CreateBase, EditBase, useGetList, useRecordContext } from "react-admin";
import { Link } from "react-router-dom";
import { FormPage } from "@/shared/FormPage";
import type { ContentSettings, Journey } from "@/shared/model";
import { PageHeader } from "@/shared/PageHeader";
import { StatusChip } from "@/shared/StatusChip";
import { CheckPanel } from "./CheckPanel";
import { DefinitionEditor } from "./DefinitionEditor";
import { EditCommands } from "./EditCommands";
import { JourneySettings } from "./JourneySettings";
import { getTileView } from "./tiles/registry";

const PARENT = { label: "Journeys", to: "/journeys" };

function makeDraft(content_settings_id: number | null) {
  return {
    name: "",
    description: "",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    start_at: new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000).toISOString(),
    end_at: null,
    minimum_consent: 0,
    content_settings_id,
    suppression_segment_id: null,
    target: "contact",
    scope: "organization",
    is_recurring: false,
    interval_days: null,
    iteration_count: null,
    refuse_large_emails: false,
    definition: { tiles: [getTileView("audience").make(1)] },
  };
}

/** The settings that whoever chooses none gets; undefined until that is known. */
function useDefaultContentSettings(): number | null | undefined {
  const { data, isPending } = useGetList<ContentSettings>("content-settings", {
    sort: { field: "name", order: "ASC" },
    pagination: { page: 1, perPage: 200 },
  });
  return isPending ? undefined : (data?.find((each) => each.is_default)?.id ?? null);
}

export function JourneyCreate() {
  const settings = useDefaultContentSettings();
  if (settings === undefined) return null;
  return (
    <CreateBase redirect="edit">
      <PageHeader parent={{ label: "New journey", to: "/journeys/create" }} title="Blank journey" />
      <FormPage defaultValues={makeDraft(settings)} saveLabel="Create journey">
        <JourneySettings locked={[]} />
        <DefinitionEditor />
      </FormPage>
    </CreateBase>
  );
}

const OPEN = new Set(["draft", "live_editable", "stopped", "error"]);

export function JourneyEdit() {
  return (
    <EditBase mutationMode="pessimistic" redirect={false} actionLabel="Save">
      <JourneyEditPage />
    </EditBase>
  );
}

function JourneyEditPage() {
  const journey = useRecordContext<Journey & { id: number }>();
  if (!journey) return null;
  const isOpen = OPEN.has(journey.status);
  return (
    <>
      <PageHeader
        parent={PARENT}
        title={journey.name || "Journey without a name"}
        status={<StatusChip status={journey.status} />}
        actions={
          <>
            {journey.live_version !== null && (
              <Button
                color="inherit"
                component={Link}
                to={`/journeys/${journey.id}/show`}
                startIcon={<ChartNoAxesCombined size={16} aria-hidden />}
              >
                Numbers
              </Button>
            )}
            <EditCommands journey={journey} />
          </>
        }
      />
      {!isOpen && (
        <Alert severity="info" sx={{ mb: 3 }}>
          A journey that is {journey.status.replaceAll("_", " ")} cannot be changed. Choose Edit on its page
          first.
        </Alert>
      )}
      <CheckPanel journey={journey} />
      <FormPage
        locked={!isOpen}
        {...(journey.status === "live_editable" ? {} : { deletable: "journey" })}
        extra={<DefinitionEditor fixed={journey.live_version !== null} locked={!isOpen} />}
      >
        <JourneySettings locked={journey.locked} />
      </FormPage>
    </>
  );
}
