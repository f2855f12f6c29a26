import { Box, IconButton, Link as MuiLink, Tooltip, Typography } from "@mui/material";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { useNotify, useRecordContext } from "react-admin";
import { Link } from "react-router-dom";
import { API } from "@/shared/http";
import type { Channel } from "@/shared/model";
import { Section } from "@/shared/Section";

const MONO = 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace';

/** How the partner learns whom to reach, and how its responses come in: with the channel's own addresses and keys. */
export function PartnerGuide() {
  const channel = useRecordContext<Channel>();
  if (!channel) return null;
  const base = `${window.location.origin}${API}`;
  return (
    <Section
      title="How responses come in"
      description="What to give to whoever works the channel. Their program signs in with an API key of a user who may edit."
    >
      <Box
        component="ol"
        sx={{ m: 0, pl: 2.5, display: "grid", gap: 2.5, "& > li::marker": { fontWeight: 600 } }}
      >
        <Step title="Learn whom to reach">
          {channel.workflow_id === null ? (
            <>
              Ask for activities, and keep <code>next</code>: given as <code>after</code> the next time, none
              is missed and none comes twice. Choose a workflow above to be called instead.
            </>
          ) : (
            <>
              The{" "}
              <MuiLink component={Link} to={`/workflows/${channel.workflow_id}`}>
                workflow
              </MuiLink>{" "}
              is called for each person, with the number of the activity. It can be asked for as well:
            </>
          )}
          <Code name="request">{askFor(base, channel.id)}</Code>
        </Step>
        <Step title="Tell what came of it">
          Post one of the responses declared above. Sent again with the same <code>idempotency_key</code>, it
          counts once.
          <Code name="response">{tell(base, channel)}</Code>
        </Step>
        <Step title="Let the journey go by it">
          Each response is a line in the contact's history at once. Put an if/then tile behind the channel's
          tile to ask for it.
        </Step>
      </Box>
    </Section>
  );
}

function askFor(base: string, id: number): string {
  return `curl "${base}/channels/${id}/activities?after=&limit=500" \\
  -H "Authorization: Bearer $SENET_KEY"`;
}

function tell(base: string, { responses }: Channel): string {
  const example = responses.find((each) => each.custom) ?? responses[0];
  const body = {
    response: example?.key ?? "a_declared_key",
    ...(example?.custom ? { keyword: "Yes please" } : {}),
    idempotency_key: "your-number-1",
  };
  return `curl -X POST ${base}/channel-activities/ACTIVITY/responses \\
  -H "Authorization: Bearer $SENET_KEY" -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body)}'`;
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box component="li" sx={{ fontSize: 13.5 }}>
      <Typography variant="h3" component="h3" sx={{ mb: 0.25 }}>
        {title}
      </Typography>
      <Typography variant="body2" component="div" color="textSecondary">
        {children}
      </Typography>
    </Box>
  );
}

function Code({ name, children }: { name: string; children: string }) {
  const notify = useNotify();
  async function copy() {
    try {
      await navigator.clipboard.writeText(children);
      notify("Copied.", { type: "success" });
    } catch {
      notify("The browser does not let it be copied. Select the text instead.", { type: "warning" });
    }
  }
  return (
    <Box sx={{ position: "relative", mt: 1 }}>
      <Box
        component="pre"
        tabIndex={0}
        role="region"
        aria-label={`Example ${name}`}
        sx={{
          m: 0,
          p: 1.5,
          pr: 6,
          overflowX: "auto",
          fontFamily: MONO,
          fontSize: 12.5,
          lineHeight: 1.6,
          color: "text.primary",
          bgcolor: "background.default",
          border: 1,
          borderColor: "divider",
          borderRadius: 2,
        }}
      >
        {children}
      </Box>
      <Tooltip title="Copy">
        <IconButton
          size="small"
          aria-label={`Copy the example ${name}`}
          onClick={copy}
          sx={{ position: "absolute", top: 6, right: 6 }}
        >
          <Copy size={15} aria-hidden />
        </IconButton>
      </Tooltip>
    </Box>
  );
}
