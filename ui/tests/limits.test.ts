import { describe, expect, it } from "vitest";
import { describeLimits } from "@/features/messages/limits";

describe("what sending limits mean", () => {
  it("without any, people get everything", () => {
    expect(describeLimits({})).toBe(
      "People get every commercial mail, however many there are. They come at any hour. Transactional mails are neither limited nor counted.",
    );
  });

  it("a cap says what becomes of the rest", () => {
    const waiting = describeLimits({ per_day: 1, per_week: 3, delays: true, longest_delay_hours: 48 });
    expect(waiting).toContain("Nobody gets more than 1 commercial mail in 24 hours, nor more than 3");
    expect(waiting).toContain("wait for more than 48 hours, is blocked");
    expect(describeLimits({ per_day: 1, delays: false })).toContain("What comes beyond that is blocked.");
  });

  it("quiet hours say whose clock counts", () => {
    expect(describeLimits({ quiet_from: "21:00", quiet_until: "08:00" })).toContain(
      "between 21:00 and 08:00 by the person's own clock",
    );
  });
});
