import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeElsewhere, readMoment, showMoment } from "@/shared/moments";

describe("moments", () => {
  const before = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = "Europe/Berlin";
  });
  afterAll(() => {
    process.env.TZ = before;
  });

  it("are sent with the zone in which they were typed", () => {
    expect(readMoment("2026-01-15T10:00")).toBe("2026-01-15T09:00:00.000Z");
    expect(readMoment("2026-07-15T10:00")).toBe("2026-07-15T08:00:00.000Z");
  });

  it("are shown as they were typed", () => {
    for (const typed of ["2026-01-15T10:00", "2026-07-15T10:00"]) {
      expect(showMoment(readMoment(typed) ?? "")).toBe(typed);
    }
    expect(showMoment("")).toBe("");
  });

  it("are none while nothing is typed", () => {
    expect(readMoment("")).toBeNull();
    expect(readMoment("2026-")).not.toBe("2026-");
  });

  it("are told on another zone's clocks when those differ", () => {
    expect(describeElsewhere("2026-01-15T09:00:00Z", "America/New_York")).toBe(
      "Jan 15, 2026, 4:00 AM in America/New York",
    );
    expect(describeElsewhere("2026-01-15T09:00:00Z", "Nowhere/Land")).toBe("");
    expect(describeElsewhere(null, "America/New_York")).toBe("");
  });
});
