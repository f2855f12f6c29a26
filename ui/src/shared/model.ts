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
export type Standing = Schemas["StandingOut"];
export type TestSend = Schemas["TestSendOut"];
export type TilesAnswer = Schemas["JourneyNumbersOut"];
export type TileNumbers = Schemas["TileNumbersOut"];
export type GlossaryEntry = Schemas["GlossaryEntry"];
export type KpiValue = Schemas["KpiValueOut"];
export type ResponsesAt = Schemas["ResponseOut"];
export type TopLink = Schemas["TopLinkOut"];
export type Breakdown = Schemas["BreakdownOut"];
export type EmailOverview = Schemas["EmailOverviewOut"];
export type Interaction = Schemas["TimelineEntryOut"];
