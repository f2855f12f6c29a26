"""The log in ClickHouse: complete, without doubles; uniques below totals; every breakdown adds up."""

from __future__ import annotations

from senet.insights.checks.base import Check, Finding, Look, compare


def _check_log(look: Look) -> Finding:
    """Compare the days that PostgreSQL still keeps."""
    position = look.position("interaction")
    ours = look.postgres("audit_log_by_day", xid=position)
    if not ours:
        return Finding(0)
    there = look.clickhouse(
        "SELECT toDate(recorded_at), verdict, count() FROM interaction WHERE xid < {xid:UInt64}"
        " AND toDate(recorded_at) IN {days:Array(Date)} GROUP BY 1, 2",
        xid=position,
        days=sorted({day for day, *_ in ours}),
    )
    return compare(ours, there, "{0}, verdict “{1}”: {ours} interactions in PostgreSQL, {theirs} in ClickHouse")


def _check_doubles(look: Look) -> Finding:
    ((rows, distinct),) = look.clickhouse("SELECT count(), uniqExact(id) FROM interaction")
    return Finding(int(rows), [f"{rows - distinct} interactions are there twice"] if rows != distinct else [])


def _check_mirrors(look: Look) -> Finding:
    position = look.position("contact")
    ours = look.postgres("audit_contacts", xid=position)
    ((missing,),) = [[int(ours[0][0])]]
    ((there,),) = look.clickhouse("SELECT uniqExact(id) FROM contact WHERE xid < {xid:UInt64}", xid=position)
    broken = [f"{missing} contacts in PostgreSQL, {there} in ClickHouse"] if there < missing else []
    return Finding(missing, broken)


def _check_memberships(look: Look) -> Finding:
    position = look.position("membership_change")
    there = look.clickhouse(
        "SELECT kind, audience_id, change, count() FROM membership_change WHERE xid < {xid:UInt64} GROUP BY 1, 2, 3",
        xid=position,
    )
    say = "{0} {1}, change {2}: {ours} in PostgreSQL, {theirs} in ClickHouse"
    return compare(look.postgres("audit_memberships", xid=position), there, say)


def _check_ab_messages(look: Look) -> Finding:
    position = look.position("ab_message")
    there = look.clickhouse(
        "SELECT ab_test_id, variant, toUInt8(sampled), count() FROM ab_message"
        " WHERE xid < {xid:UInt64} GROUP BY 1, 2, 3",
        xid=position,
    )
    say = "A/B test {0}, version {1}: {ours} messages in PostgreSQL, {theirs} in ClickHouse"
    return compare(look.postgres("audit_ab_messages", xid=position), there, say)


def _check_rollups(look: Look) -> Finding:
    """The roll-ups' events and messages by email and type are those of the log."""
    raw = look.clickhouse(
        "SELECT email_id, type, count(), uniqExact(message_id) FROM interaction"
        " WHERE email_id != 0 AND message_id != 0 GROUP BY 1, 2"
    )
    checked, broken = 0, []
    for table, where in (
        ("email_hour", "1"),
        ("email_group", "grouped_by = 'domain'"),
        ("email_group", "grouped_by = 'country'"),
    ):
        rolled = look.clickhouse(
            f"SELECT email_id, type, sum(events), groupBitmapMerge(messages) FROM {table} WHERE {where} GROUP BY 1, 2"
        )
        for column, counted in ((2, "events"), (3, "messages")):
            finding = compare(
                [(*row[:2], row[column]) for row in raw],
                [(*row[:2], row[column]) for row in rolled],
                f"email {{0}}, {{1}}: {{ours}} {counted} in the log, {{theirs}} in {table} ({where})",
            )
            checked += finding.checked
            broken += finding.broken
    return Finding(checked, broken)


def _check_verdicts(look: Look) -> Finding:
    """Who opened and clicked is the same in the log and in everything derived from it."""
    chosen = "type IN ('EmailOpened', 'EmailClicked') GROUP BY 1, 2, 3"
    raw = look.clickhouse(
        f"SELECT email_id, type, verdict, count() FROM interaction WHERE email_id != 0 AND message_id != 0 AND {chosen}"
    )
    checked, broken = 0, []
    for table, counted in (
        ("email_event", "count()"),
        ("email_hour", "sum(events)"),
        ("email_group", "sum(events) / 2"),
    ):
        there = look.clickhouse(f"SELECT email_id, type, verdict, {counted} FROM {table} WHERE {chosen}")
        finding = compare(raw, there, f"email {{0}}, {{1}} by {{2}}: {{ours}} in the log, {{theirs}} in {table}")
        checked += finding.checked
        broken += finding.broken
    return Finding(checked, broken)


def _check_uniques(look: Look) -> Finding:
    """A unique count is never above its total; nobody opens what has neither arrived nor is on its way."""
    rows = look.clickhouse(
        "SELECT email_id, type, count() AS total, uniqExact(message_id) AS messages FROM email_event GROUP BY 1, 2"
    )
    return Finding(
        len(rows),
        [f"email {email}, {name}: {unique} > {total}" for email, name, total, unique in rows if unique > total],
    )


def _check_opens(look: Look) -> Finding:
    """Unique opens are at most delivered, save for opens that come before the server's answer is written down."""
    rows = look.clickhouse(
        "SELECT email_id, uniqExactIf(message_id, type = 'EmailOpened'),"
        " uniqExactIf(message_id, type = 'EmailDelivered') FROM email_event GROUP BY email_id"
    )
    on_their_way = {int(email): int(count) for email, count in look.postgres("audit_on_their_way")}
    broken = [
        f"email {email}: {opened} messages opened, {delivered} delivered"
        for email, opened, delivered in rows
        if opened > delivered + on_their_way.get(int(email), 0)
    ]
    return Finding(len(rows), broken)


def _check_breakdowns(look: Look) -> Finding:
    """Sums over domains, countries, links, days and journeys equal the total."""
    total = look.clickhouse("SELECT email_id, type, count() FROM email_event GROUP BY 1, 2")
    checked, broken = 0, []
    for dimension, source, key in (
        ("domain", "email_group WHERE grouped_by = 'domain'", "name"),
        ("country", "email_group WHERE grouped_by = 'country'", "name"),
        ("link", "email_hour", "version, link"),
        ("day", "email_hour", "toDate(hour)"),
        ("journey", "email_hour", "journey_id"),
    ):
        parts = look.clickhouse(f"SELECT email_id, type, sum(events) FROM {source} GROUP BY email_id, type, {key}")
        finding = compare(total, parts, f"email {{0}}, {{1}} by {dimension}: total {{ours}}, sum {{theirs}}")
        checked += finding.checked
        broken += finding.broken
    return Finding(checked, broken)


CHECKS = (
    Check("log agrees", "Every interaction that PostgreSQL keeps and has shipped is in ClickHouse.", _check_log),
    Check("log has no doubles", "Every interaction is in ClickHouse once.", _check_doubles),
    Check("contacts are mirrored", "Every contact that was shipped is in ClickHouse.", _check_mirrors),
    Check("memberships agree", "Every join and leave is in ClickHouse once.", _check_memberships),
    Check("A/B tests agree", "Every message of an A/B test is in ClickHouse once.", _check_ab_messages),
    Check("email roll-ups agree", "The numbers by hour, domain and country add up to the log.", _check_rollups),
    Check("verdicts agree", "Opens and clicks by verdict are the same in every table.", _check_verdicts),
    Check("uniques are below totals", "No unique count exceeds its total.", _check_uniques),
    Check("opens are below deliveries", "Unique opens are at most delivered.", _check_opens),
    Check(
        "breakdowns add up", "The sums by domain, link, day, journey and country equal the total.", _check_breakdowns
    ),
)
