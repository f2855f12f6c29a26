import { Box, Button, IconButton, Typography } from "@mui/material";
import { ArrowRight, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "react-router-dom";
import { AnimatedNumber } from "@/shared/AnimatedNumber";
import { formatRatio, humanise } from "@/shared/format";
import { useGlossary } from "@/shared/glossary";
import { withQuery } from "@/shared/http";
import { InfoTip } from "@/shared/InfoTip";
import type { TileNumbers } from "@/shared/model";
import type { Tile } from "./definition";
import type { Period } from "./numbers";
import { PeopleHere } from "./PeopleHere";
import { SaveAsSegment } from "./SaveAsSegment";
import { getTileView, titleOf } from "./tiles/registry";

interface Props {
  journeyId: number;
  tile: Tile;
  numbers: TileNumbers | undefined;
  period: Period;
  onClose: () => void;
}

/** Everything known about one tile: volume, paths, why people stopped, and the KPIs of an email. */
export function TilePanel({ journeyId, tile, numbers, period, onClose }: Props) {
  const view = getTileView(tile.kind);
  const save: Save = (number, label, count) =>
    !!count && (
      <SaveAsSegment
        key={`${tile.id} ${number}`}
        journeyId={journeyId}
        tile={tile.id}
        number={number}
        label={label}
        title={titleOf(tile)}
        count={count}
        period={period}
      />
    );
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tile is what moves the focus
  useEffect(() => {
    if (heading.current?.ownerDocument.activeElement?.closest("[data-tile]")) return; // the canvas keeps the keys
    heading.current?.focus();
  }, [tile.id]);
  return (
    <Box sx={{ p: 2.5 }}>
      <Box sx={{ display: "flex", alignItems: "flex-start", gap: 1, mb: 2 }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="caption" color="textSecondary">
            {view.label}
          </Typography>
          <Typography
            variant="h2"
            ref={heading}
            tabIndex={-1}
            sx={{ overflowWrap: "anywhere", outline: "none" }}
          >
            {titleOf(tile)}
          </Typography>
          <Typography variant="body2" color="textSecondary">
            <view.Summary tile={tile} />
          </Typography>
        </Box>
        <IconButton size="small" aria-label="Close the panel" onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </Box>
      {numbers ? (
        <Numbers numbers={numbers} save={save} />
      ) : (
        <Typography color="textSecondary">No numbers yet.</Typography>
      )}
      {tile.kind === "email" && tile.email_id !== null && (
        <Button
          component={Link}
          to={withQuery(`/emails/${tile.email_id}/insights`, { journey: journeyId, ...period })}
          variant="outlined"
          fullWidth
          endIcon={<ArrowRight size={16} aria-hidden />}
          sx={{ mb: 2.5 }}
        >
          View details
        </Button>
      )}
      <PeopleHere key={tile.id} journeyId={journeyId} tile={tile.id} />
    </Box>
  );
}

/** The KPIs behind which there are people that can be saved. */
const SAVED_KPIS = new Set([
  "sent",
  "delivered",
  "hard_bounces",
  "soft_bounces",
  "block_bounces",
  "bounces",
  "blocked",
  "sending_failed",
  "unique_opens",
  "unique_clicks",
  "unsubscribes",
  "did_not_open",
  "launched",
  "calls_succeeded",
  "calls_failed",
  "channel_activities",
  "channel_responded",
]);

function isSaved(kpi: string): boolean {
  return SAVED_KPIS.has(kpi) || kpi.startsWith("response:");
}

interface Volume {
  key: string;
  value: number;
  strong?: boolean;
  nested?: boolean;
}

function listVolume(numbers: TileNumbers): Volume[] {
  const { total, processing, queued, stopped, expired, failed, processed } = numbers;
  return [
    { key: "total", value: total, strong: true },
    { key: "in_progress", value: processing + queued },
    { key: "processing", value: processing, nested: true },
    { key: "queued", value: queued, nested: true },
    { key: "not_processed", value: stopped + expired },
    { key: "stopped", value: stopped, nested: true },
    { key: "expired", value: expired, nested: true },
    ...(failed > 0 ? [{ key: "failed", value: failed }] : []),
    { key: "processed", value: processed, strong: true },
  ];
}

type Save = (number: string, label: string, count: number | null) => ReactNode;

function Numbers({ numbers, save }: { numbers: TileNumbers; save: Save }) {
  const glossary = useGlossary();
  const tip = (key: string) => glossary.get(key)?.description;
  return (
    <>
      <Group title="Volume">
        {listVolume(numbers).map(({ key, value, ...shown }) => (
          <Row
            key={key}
            label={humanise(key)}
            value={value}
            tip={tip(key)}
            save={save(key, humanise(key), value)}
            {...shown}
          />
        ))}
      </Group>
      {numbers.paths.length > 1 && (
        <Group title="Paths">
          {numbers.paths.map((path) => (
            <Row
              key={path.branch}
              label={path.label || `Branch ${path.branch + 1}`}
              value={path.count}
              save={save(`path:${path.branch}`, path.label || `Branch ${path.branch + 1}`, path.count)}
            />
          ))}
        </Group>
      )}
      {numbers.stopped_reasons.length > 0 && (
        <Group title="Why people stopped">
          {numbers.stopped_reasons.map((each) => (
            <Row
              key={each.reason}
              label={each.label || humanise(each.reason)}
              value={each.count}
              save={save(`reason:${each.reason}`, each.label || humanise(each.reason), each.count)}
            />
          ))}
        </Group>
      )}
      {numbers.kpis.length > 0 && (
        <Group title="KPIs">
          {numbers.kpis.map((kpi) => {
            const entry = glossary.get(kpi.key);
            return (
              <Row
                key={kpi.key}
                label={kpi.name}
                value={kpi.value}
                unit={entry?.unit}
                tip={entry?.description}
                save={isSaved(kpi.key) && save(kpi.key, kpi.name, kpi.value)}
              />
            );
          })}
        </Group>
      )}
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box sx={{ mb: 2.5 }}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box component="dl" sx={{ m: 0 }}>
        {children}
      </Box>
    </Box>
  );
}

interface RowProps {
  label: string;
  value: number | null;
  unit?: string | undefined;
  tip?: string | undefined;
  strong?: boolean;
  nested?: boolean;
  /** A button that saves the people behind the number. */
  save?: ReactNode;
}

function Row({ label, value, unit, tip, strong = false, nested = false, save }: RowProps) {
  return (
    <Box
      data-row={label}
      sx={{
        display: "flex",
        alignItems: "center",
        py: 0.65,
        pl: nested ? 2 : 0,
        borderTop: 1,
        borderColor: "divider",
        fontSize: 13.5,
      }}
    >
      <Box
        component="dt"
        sx={{
          flex: 1,
          display: "flex",
          gap: 0.5,
          alignItems: "center",
          color: nested ? "text.secondary" : "text.primary",
        }}
      >
        {label}
        <InfoTip label={label} text={tip} />
      </Box>
      <Box
        component="dd"
        sx={{
          m: 0,
          display: "flex",
          alignItems: "center",
          gap: 0.5,
          fontWeight: strong ? 680 : 550,
          fontVariantNumeric: "tabular-nums",
        }}
      >
        {save}
        <Box component="span" sx={{ minWidth: 36, textAlign: "right" }}>
          {unit === "ratio" || value === null ? formatRatio(value) : <AnimatedNumber value={value} />}
        </Box>
      </Box>
    </Box>
  );
}
