"""The email's page: exact numbers under every filter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from senet.content.models import EmailLink, EmailVersion
from senet.insights.queries import email_overview
from senet.insights.values import EmailOverview
from senet.interactions.verdicts import Verdict
from tests.support.clickhouse import ship
from tests.support.insights import click, deliver, happen, make_drawn_journey, make_email_version
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def kpi(page: EmailOverview, key: str) -> Any:
    return next(one.value for one in page.kpis if one.key == key)


def test_rates_are_those_of_the_glossary() -> None:
    """50 delivered, 20 opened, 5 clicked: 10 % click-through, 25 % click-to-open; a link with 3 of 5 clickers: 60 %."""
    version, journey = make_email_version("https://example.com/a", "https://example.com/b"), make_drawn_journey()
    messages = [deliver(version, journey) for _ in range(50)]
    for message in messages[:20]:
        happen(message, "EmailOpened", "EmailOpened", verdict="human")
    for message in messages[:3]:
        click(message, 1)
        click(message, 1)
    for message in messages[2:5]:
        click(message, 2)
    ship()
    page = email_overview(version.email_id)
    assert (kpi(page, "sent"), kpi(page, "delivered"), kpi(page, "did_not_open")) == (50, 50, 30)
    assert (kpi(page, "opens"), kpi(page, "unique_opens")) == (40, 20)
    assert (kpi(page, "clicks"), kpi(page, "unique_clicks"), kpi(page, "unique_link_clicks")) == (9, 5, 6)
    assert (kpi(page, "click_through_rate"), kpi(page, "click_to_open_rate")) == (0.1, 0.25)
    first, second = page.top_links
    assert (first.url, first.total_clicks, first.unique_clicks) == ("https://example.com/a", 6, 3)
    assert (first.link_ctr, first.link_ctr_delivered) == (0.6, 0.06)
    assert second.unique_clicks == 3


def test_a_link_is_one_in_both_versions_of_a_test_when_it_leads_to_the_same_address() -> None:
    offer, sale, news = (f"https://example.com/{name}" for name in ("offer", "sale", "news"))
    a, journey = make_email_version(offer, sale), make_drawn_journey()
    b = EmailVersion.objects.create(email=a.email, number=2, compiled={}, source={}, published_at=NOON)
    for number, url in enumerate((sale, news, offer), start=1):
        EmailLink.objects.create(version=b, number=number, url=url, label=url)
    for version, links in ((a, (1, 1, 2)), (b, (1, 2, 3))):
        message = deliver(version, journey)
        for link in links:
            click(message, link)
    ship()
    found = {link.url: (link.total_clicks, link.unique_clicks) for link in email_overview(a.email_id).top_links}
    assert found == {offer: (3, 2), sale: (2, 2), news: (1, 1)}


def test_an_email_nobody_got_has_zeros_and_no_rates() -> None:
    version = make_email_version()
    page = email_overview(version.email_id)
    assert kpi(page, "sent") == 0
    assert kpi(page, "open_rate") is None
    assert not any((page.responses, page.top_links, page.blocked, page.domains, page.countries))


def test_robots_and_proxies_can_be_left_out() -> None:
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    human, robot = deliver(version, journey), deliver(version, journey)
    happen(human, "EmailOpened", verdict="human")
    happen(human, "EmailOpened", verdict="proxy")
    click(robot, verdict="bot")
    ship()
    everybody, people = email_overview(version.email_id), email_overview(version.email_id, verdict=Verdict.HUMAN)
    robots = email_overview(version.email_id, verdict=Verdict.BOT)
    assert (kpi(everybody, "opens"), kpi(everybody, "clicks")) == (2, 1)
    assert (kpi(people, "opens"), kpi(people, "clicks"), kpi(people, "delivered")) == (1, 0, 2)
    assert (kpi(robots, "opens"), kpi(robots, "clicks"), kpi(robots, "delivered")) == (0, 1, 2)


def test_bounces_count_by_kind_and_a_remote_bounce_takes_the_delivery_back() -> None:
    version, journey = make_email_version(), make_drawn_journey()
    deliver(version, journey)
    returned = deliver(version, journey)
    happen(returned, "EmailHardRemoteBounced")
    for kind in ("EmailHardBounced", "EmailSoftBounced", "EmailBlockBounced"):
        happen(deliver(version, journey), "EmailFeedbackLoop")
        message = deliver(version, journey)
        happen(message, kind)
    ship()
    page = email_overview(version.email_id)
    assert kpi(page, "accepted") == 8
    assert kpi(page, "delivered") == 7
    assert (kpi(page, "hard_bounces"), kpi(page, "soft_bounces"), kpi(page, "block_bounces")) == (2, 1, 1)
    assert kpi(page, "feedback_loops") == 3


def test_blocks_are_shown_by_reason_in_words() -> None:
    version, journey = make_email_version(), make_drawn_journey()
    for name, count in (("EmailBlockedByUser", 3), ("EmailBlockedDuplicateAddress", 1)):
        for _ in range(count):
            happen(deliver(version, journey), name)
    ship()
    page = email_overview(version.email_id)
    assert [(one.reason, one.count) for one in page.blocked] == [
        ("EmailBlockedByUser", 3),
        ("EmailBlockedDuplicateAddress", 1),
    ]
    assert page.blocked[0].label.startswith("Not sent: the contact allows no mail")
    assert (kpi(page, "blocked"), kpi(page, "duplicates")) == (4, 1)


def test_an_unsubscribe_counts_once_a_message() -> None:
    version, journey = make_email_version(), make_drawn_journey()
    message = deliver(version, journey)
    happen(message, "SegmentUnsubscribed", list_id=1)
    happen(message, "SegmentUnsubscribed", list_id=2)
    ship()
    page = email_overview(version.email_id)
    assert (kpi(page, "unsubscribes"), kpi(page, "unsubscribe_rate")) == (1, 1.0)


@pytest.mark.parametrize("minutes", [0, 7])
def test_a_period_counts_what_happened_in_it(minutes: int) -> None:
    """On whole hours the roll-up answers, otherwise the events themselves; the numbers are the same."""
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    message = deliver(version, journey, at=NOON)
    late = deliver(version, journey, at=NOON + timedelta(hours=5))
    happen(message, "EmailOpened", at=NOON + timedelta(hours=5))
    happen(late, "EmailOpened", at=NOON + timedelta(hours=30))
    ship()
    since = NOON + timedelta(hours=4, minutes=minutes)
    page = email_overview(version.email_id, since, NOON + timedelta(hours=10))
    assert (kpi(page, "delivered"), kpi(page, "opens"), kpi(page, "unique_opens")) == (1, 1, 1)
    assert kpi(page, "did_not_open") == 1  # the late one, which was opened only after the period


def test_a_journey_filter_leaves_other_journeys_out() -> None:
    version, one, other = make_email_version(), make_drawn_journey(), make_drawn_journey()
    deliver(version, one)
    deliver(version, other)
    deliver(version, other)
    ship()
    assert kpi(email_overview(version.email_id), "delivered") == 3
    assert kpi(email_overview(version.email_id, journey_id=other.pk), "delivered") == 2


def test_domains_and_countries_add_up_to_the_total() -> None:
    version, journey = make_email_version(), make_drawn_journey()
    for number in range(6):
        message = deliver(
            version, journey, email=f"p{number}@{('a.de', 'b.fr')[number % 2]}", country=("DE", "FR", "")[number % 3]
        )
        happen(message, "EmailOpened", "EmailOpened", verdict="human")
    ship()
    page = email_overview(version.email_id)
    assert {(one.name, one.delivered, one.opened) for one in page.domains} == {("a.de", 3, 3), ("b.fr", 3, 3)}
    assert {(one.name, one.delivered, one.opened) for one in page.countries} == {("DE", 2, 2), ("FR", 2, 2), ("", 2, 2)}


def test_the_time_line_has_no_gaps() -> None:
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    message = deliver(version, journey)
    click(message, at=NOON + timedelta(hours=3, minutes=59))
    ship()
    page = email_overview(version.email_id)
    assert page.responses_by == "hour"
    assert [(one.at - NOON, one.delivered, one.clicked) for one in page.responses] == [
        (timedelta(hours=0), 1, 0), (timedelta(hours=1), 0, 0), (timedelta(hours=2), 0, 0), (timedelta(hours=3), 0, 1),
    ]  # fmt: skip
    click(message, at=NOON + timedelta(days=10))
    ship()
    page = email_overview(version.email_id)
    assert page.responses_by == "day"
    assert len(page.responses) == 11
    assert sum(one.clicked for one in page.responses) == 2


def test_the_page_says_how_fresh_it_is() -> None:
    version = make_email_version()
    assert email_overview(version.email_id).as_of is None
    ship()
    assert email_overview(version.email_id).as_of is not None
