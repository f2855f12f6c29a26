/** The server's records by the names that this code calls them; the shapes are generated from OpenAPI. */
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type User = Schemas["UserOut"];
export type NewApiKey = Schemas["NewApiKeyOut"];
export type Contact = Schemas["ContactOut"];
export type CustomColumn = Schemas["CustomColumnOut"];
export type ImportRun = Schemas["ImportOut"];
export type ImportPreview = Schemas["ImportPreview"];
export type Segment = Schemas["SegmentOut"];
export type SegmentFields = Schemas["FieldsOut"];
export type SegmentField = Schemas["FieldOut"];
export type SegmentOperator = Schemas["OperatorOut"];
export type Estimate = Schemas["EstimateOut"];
export type Member = Schemas["MemberOut"];
export type Person = Schemas["PersonOut"];
export type Email = Schemas["EmailOut"];
export type EmailRow = Schemas["EmailRow"];
export type EmailLink = Schemas["LinkOut"];
export type Preview = Schemas["PreviewOut"];
export type ContentSettings = Schemas["SettingsOut"];
export type Journey = Schemas["JourneyOut"];
export type JourneyRow = Schemas["JourneyRow"];
export type BlastRadius = Schemas["BlastRadiusOut"];
export type Milestone = Schemas["MilestoneOut"];

/** The numbers of one tile of a journey. */
export interface TileNumbers {
  tile: number;
  kind: string;
  name: string;
  inflow: number;
  processing: number;
  queued: number;
  stopped: number;
  expired: number;
  failed: number;
  processed: number;
  total: number;
  paths: { branch: number; label: string; count: number }[];
  stopped_reasons: { reason: string; label: string; count: number }[];
  kpis: { key: string; name: string; value: number | null }[];
}

export interface TilesAnswer {
  journey_id: number;
  as_of: string | null;
  tiles: TileNumbers[];
}

export interface GlossaryEntry {
  key: string;
  name: string;
  description: string;
  unit: string;
}

/** One row of the log, as a contact's timeline shows it. */
export interface Interaction {
  id: number;
  type: string;
  meaning: string;
  at: string;
  journey_id: number | null;
  email_id: number | null;
  reason: string;
  browser: string;
  os: string;
}

export interface KpiValue {
  key: string;
  name: string;
  description: string;
  unit: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
}

export interface ResponsesAt {
  at: string;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  unsubscribed: number;
}

export interface TopLink {
  link: number;
  url: string;
  label: string;
  total_clicks: number;
  unique_clicks: number;
  link_ctr: number | null;
  link_ctr_delivered: number | null;
}

export interface Breakdown {
  name: string;
  sent: number;
  delivered: number;
  bounced: number;
  blocked: number;
  opened: number;
  clicked: number;
}

export interface EmailOverview {
  email_id: number;
  as_of: string | null;
  kpis: KpiValue[];
  responses: ResponsesAt[];
  responses_by: string;
  top_links: TopLink[];
  blocked: { reason: string; label: string; count: number }[];
  domains: Breakdown[];
  countries: Breakdown[];
}
