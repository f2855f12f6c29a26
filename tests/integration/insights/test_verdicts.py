"""Judging again: each rule, what it must leave alone, and exact numbers afterwards, whatever was killed."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from senet.content.models import EmailVersion
from senet.insights import audit, verdicts
from senet.insights.queries import email_overview
from senet.insights.rebuild import run as rebuild_insights
from senet.interactions import clickhouse
from senet.interactions.verdicts import Verdict
from senet.journeys.models import Journey
from tests.support.clickhouse import ship
from tests.support.door import BROWSER, SentMessage
from tests.support.insights import deliver, happen, make_drawn_journey, make_email_version
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")

LATER = timedelta(hours=1)
LINKS = [f"https://example.com/{number}" for number in range(5)]


def click(
    message: SentMessage, link: int = 1, *, at: datetime = NOON + LATER, agent: str = BROWSER, source: str = "",
    type_name: str = "EmailClicked", verdict: str = "human", rule: str = "browser",
) -> None:  # fmt: skip
    """An event as the door writes it."""
    detail = {"user_agent": agent, **({"source": source} if source else {})}
    columns: dict[str, Any] = {"verdict": verdict, "rule": rule}
    if type_name == "EmailClicked":
        columns["link"] = link
        detail["version"] = message.version_id  # type: ignore[assignment]  # a number
    happen(message, type_name, at=at, detail=detail, **columns)


def follow_hidden(message: SentMessage, *, at: datetime, agent: str = BROWSER) -> None:
    click(message, at=at, agent=agent, type_name="HiddenLinkFollowed", verdict="bot", rule="hidden_link")


def judged(kind: str = "EmailClicked") -> Counter[tuple[str, str]]:
    """Verdicts and rules in PostgreSQL and in ClickHouse, which must be the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict, rule, count(*) FROM interaction WHERE type = %s GROUP BY 1, 2", [kind])
        ours = Counter({(verdict, rule): count for verdict, rule, count in cursor.fetchall()})
    rows = clickhouse.fetch_rows(
        "SELECT verdict, rule, count() FROM interaction WHERE type = {type:String} GROUP BY 1, 2", {"type": kind}
    )
    assert ours == Counter({(str(verdict), str(rule)): int(count) for verdict, rule, count in rows})
    return ours


def judge_all() -> verdicts.VerdictReport:
    ship()
    report = verdicts.run(NOON, everything=True)
    assert audit.run().clean, audit.run()
    return report


@pytest.fixture
def mail() -> tuple[EmailVersion, Journey]:
    return make_email_version(*LINKS), make_drawn_journey()


Mail = tuple[EmailVersion, Journey]


def test_a_burst_over_the_links_is_a_robots(mail: Mail) -> None:
    scanned, read = deliver(*mail), deliver(*mail)
    for link in range(1, 6):
        click(scanned, link, at=NOON + LATER + timedelta(milliseconds=300 * link))
        click(read, link, at=NOON + LATER + timedelta(seconds=30 * link))
    report = judge_all()
    assert judged() == {("bot", "burst"): 5, ("human", "browser"): 5}
    assert (report.looked_at, report.changed, report.rules) == (10, 5, {"bot burst": 5})


def test_two_links_in_ten_seconds_are_no_burst(mail: Mail) -> None:
    message = deliver(*mail)
    for link in (1, 2, 1, 2):
        click(message, link)
    assert judge_all().changed == 0


def test_whoever_follows_the_hidden_link_is_a_robot_for_a_minute_around_it(mail: Mail) -> None:
    scanned, other = deliver(*mail), deliver(*mail)
    at = NOON + LATER
    follow_hidden(scanned, at=at)
    click(scanned, at=at + timedelta(seconds=40))
    click(scanned, at=at + timedelta(seconds=1), type_name="EmailOpened")
    click(scanned, at=at + timedelta(minutes=5))  # its reader, at last
    click(scanned, at=at, agent=BROWSER.replace("140", "139"))  # somebody else
    click(other, at=at)
    judge_all()
    assert judged() == {("bot", "hidden_link"): 1, ("human", "browser"): 3}
    assert judged("EmailOpened") == {("bot", "hidden_link"): 1}


def test_nobody_reads_within_seconds_of_the_delivery(mail: Mail) -> None:
    message = deliver(*mail, at=NOON)
    for seconds in (-1, 4, 6):
        click(message, at=NOON + timedelta(seconds=seconds))
    for seconds in (1, 3):
        click(message, at=NOON + timedelta(seconds=seconds), type_name="EmailOpened")
    judge_all()
    assert judged() == {("bot", "too_soon"): 2, ("human", "browser"): 1}
    assert judged("EmailOpened") == {("bot", "too_soon"): 1, ("human", "browser"): 1}


def test_one_address_that_asks_for_many_peoples_mails_at_once_is_a_robot(mail: Mail) -> None:
    for number in range(10):
        message = deliver(*mail, email=f"p{number}@corp.example")
        click(message, at=NOON + LATER + timedelta(milliseconds=100 * number), source="one")
        click(message, at=NOON + LATER + timedelta(minutes=2 * number + 5), source="one")
        click(deliver(*mail, email=f"p{number}@many{number}.example"), source="two")  # one address, many domains: a VPN
    judge_all()
    assert judged() == {("bot", "one_address"): 10, ("human", "browser"): 20}


def test_a_proxy_stays_a_proxy_however_many_it_serves_and_however_soon(mail: Mail) -> None:
    proxy = "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"
    for number in range(12):
        message = deliver(*mail, email=f"p{number}@gmail.example", at=NOON)
        click(
            message, at=NOON, type_name="EmailOpened", agent=proxy, source="one", verdict="proxy",
            rule="gmail_image_proxy",
        )  # fmt: skip
    assert judge_all().changed == 0


def test_user_agents_are_judged_by_the_rules_of_today(mail: Mail) -> None:
    message = deliver(*mail)
    click(message, agent="Mozilla/5.0 (compatible; Googlebot/2.1)", verdict="human", rule="browser")
    click(message, agent=BROWSER, verdict="bot", rule="a_rule_of_old")
    click(message, agent="", verdict="bot", rule="head_request")
    click(message, agent="", verdict="human", rule="")  # written by somebody who knows better than a user agent
    judge_all()
    assert judged() == {
        ("bot", "named_robot"): 1,
        ("human", "browser"): 1,
        ("bot", "head_request"): 1,
        ("human", ""): 1,
    }


def test_numbers_with_and_without_robots_are_exact_afterwards_and_nothing_is_lost(mail: Mail) -> None:
    version, journey = mail
    for _ in range(3):
        message = deliver(version, journey, country="DE")
        click(message, type_name="EmailOpened", at=NOON + timedelta(days=1))
        for link in range(1, 5):
            click(message, link)
    reader = deliver(version, journey, country="FR")
    click(reader, 2)
    year_before = deliver(version, journey)
    click(year_before, 1, at=NOON - timedelta(days=400))
    other = make_email_version(*LINKS)
    click(deliver(other, journey), 1)
    ship()
    assert _numbers(version, Verdict.HUMAN) == (14, 5, 3)
    assert judge_all().changed == 13
    assert _numbers(version, Verdict.ALL) == (14, 5, 3)
    assert _numbers(version, Verdict.HUMAN) == (1, 1, 3)
    assert _numbers(version, Verdict.BOT) == (13, 4, 0)
    assert _numbers(other, Verdict.HUMAN) == (1, 1, 0)
    page = email_overview(version.email_id, verdict=Verdict.HUMAN)
    assert {(row.name, row.clicked) for row in page.countries} >= {("FR", 1), ("DE", 0)}
    assert judge_all().changed == 0
    rebuild_insights()
    assert audit.run().clean
    assert _numbers(version, Verdict.BOT) == (13, 4, 0)


def _numbers(version: EmailVersion, verdict: Verdict) -> tuple[Any, Any, Any]:
    values = {one.key: one.value for one in email_overview(version.email_id, verdict=verdict).kpis}
    return values["clicks"], values["unique_clicks"], values["opens"]


def test_a_run_looks_at_what_came_since_the_last_one(mail: Mail) -> None:
    message = deliver(*mail)
    for link in range(1, 6):
        click(message, link)
    ship()
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(recorded_at) FROM interaction")
        (recorded_at,) = cursor.fetchone()
    assert verdicts.run(recorded_at).changed == 5  # the first run looks at everything
    assert verdicts.run(recorded_at + timedelta(minutes=30)).looked_at == 5
    assert verdicts.run(recorded_at + timedelta(hours=2)).looked_at == 5
    assert verdicts.run(recorded_at + timedelta(hours=3)).looked_at == 0
    assert judged() == {("bot", "burst"): 5}


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", ["ALTER TABLE interaction UPDATE", "REPLACE PARTITION", "DROP TABLE email_hour_fresh"])
def test_a_run_that_is_killed_is_made_good_by_the_next_one(
    mail: Mail, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, _ = mail
    message = deliver(*mail)
    for link in range(1, 6):
        click(message, link)
    ship()
    run = clickhouse.run

    def run_or_die(statement: str) -> None:
        if step in statement:
            raise Killed
        run(statement)

    with monkeypatch.context() as patch:
        patch.setattr(clickhouse, "run", run_or_die)
        with pytest.raises(Killed):
            verdicts.run(NOON, everything=True)
    verdicts.run(NOON, everything=True)
    assert audit.run().clean, audit.run()
    assert judged() == {("bot", "burst"): 5}
    assert _numbers(version, Verdict.HUMAN) == (0, 0, 0)


def burst(mail: Mail) -> SentMessage:
    """A message whose five links a scanner follows."""
    message = deliver(*mail)
    for link in range(1, 6):
        click(message, link)
    return message


def test_between_stretches_shipping_goes_on_and_every_number_agrees(
    mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, journey = mail
    other = make_email_version(*LINKS)
    burst(mail)
    burst((other, journey))
    burst(mail)
    ship()
    seen: list[tuple[Any, int]] = []

    def look() -> None:
        click(deliver(*mail), 1, at=NOON + timedelta(days=1))
        assert ship() > 0, "the shipper may work"
        assert audit.run().clean, audit.run()
        seen.append((_numbers(version, Verdict.BOT)[0], _numbers(version, Verdict.HUMAN)[0]))

    monkeypatch.setattr(verdicts, "STRETCH", 4)
    report = verdicts.run(NOON, everything=True, between=look)
    assert (report.looked_at, report.changed) == (15, 15)
    assert seen == [(4, 7), (8, 4), (10, 3)], "each stretch counts as a whole, and what came meanwhile too"
    assert audit.run().clean, audit.run()
    assert judged() == {("bot", "burst"): 15, ("human", "browser"): 3}
    assert _numbers(other, Verdict.BOT)[0] == 5


@pytest.mark.parametrize(
    ("step", "before"),  # in the second stretch
    [("ALTER TABLE interaction UPDATE", 1), ("REPLACE PARTITION", 4), ("DROP TABLE email_hour_fresh", 1)],
)
def test_a_run_over_everything_that_is_killed_in_a_stretch_is_made_good_by_the_usual_one(
    mail: Mail, step: str, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, journey = mail
    verdicts.run(NOON + timedelta(days=3650))  # a run that was whole: the usual one begins long after all this
    for _ in range(3):
        burst((make_email_version(*LINKS), journey))
    burst(mail)
    ship()
    run, hits = clickhouse.run, 0

    def run_or_die(statement: str) -> None:
        nonlocal hits
        hits += step in statement
        if step in statement and hits > before:
            raise Killed
        run(statement)

    monkeypatch.setattr(verdicts, "STRETCH", 5)
    with monkeypatch.context() as patch:
        patch.setattr(clickhouse, "run", run_or_die)
        with pytest.raises(Killed):
            verdicts.run(NOON, everything=True, between=lambda: None)
    burst(mail)
    ship()
    assert verdicts.run(NOON, between=lambda: None).looked_at == 25, "what was cut short is looked at again"
    assert audit.run().clean, audit.run()
    assert judged() == {("bot", "burst"): 25}
    assert _numbers(version, Verdict.HUMAN)[0] == 0


def test_two_runs_at_once_judge_one_after_the_other(mail: Mail) -> None:
    for _ in range(3):
        burst(mail)
    ship()
    reports: list[verdicts.VerdictReport] = []

    def judge() -> None:
        try:
            reports.append(verdicts.run(NOON, everything=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=judge) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report.changed for report in reports) == [0, 15]
    assert audit.run().clean, audit.run()


def test_hostile_user_agents_are_judged_like_any_other_text(mail: Mail) -> None:
    message = deliver(*mail)
    for agent in (
        "'; DROP TABLE interaction; --",
        "\\\\', 'bot",
        "a\tb\nc",
        "<script>alert(1)</script>",
        "\\N",
        "{x:y}",
    ):
        click(message, agent=agent, verdict="human", rule="browser")
    assert judge_all().changed == 6
    assert judged() == {("unknown", "unknown_program"): 5, ("bot", "named_robot"): 1}
