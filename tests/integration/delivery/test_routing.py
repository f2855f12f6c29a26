"""Several providers: each message goes to the first that serves it and works, at its rate and within its day's cap."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.memory import MemoryClient
from senet.delivery.metering import Meter, WarmUp, read_warm_up
from senet.delivery.providers import find_providers
from senet.delivery.routing import Route, RouteState, RoutingClient, list_states
from senet.delivery.values import Outcome, Outgoing, Verdict
from tests.support.processes import wait_for
from tests.support.senders import StuckClient

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def _message(number: int, domain: str = "shop.example", *, urgent: bool = False) -> Outgoing:
    return Outgoing(number, "x@b.example", "ada@example.com", b"", from_domain=domain, urgent=urgent)


def test_the_from_domain_chooses_the_provider() -> None:
    shop, rest = MemoryClient(), MemoryClient()
    client = RoutingClient([Route("shop", shop, ("shop.example",)), Route("rest", rest)])
    for number, domain in enumerate(["shop.example", "news.shop.example", "notshop.example", "other.example"]):
        client.submit(_message(number, domain))
    assert len(client.poll(0.1)) == 4
    assert [message.id for message in shop.taken] == [0, 1]
    assert [message.id for message in rest.taken] == [2, 3]


def test_while_one_does_not_work_the_next_takes_over_and_back() -> None:
    first, second = MemoryClient(), MemoryClient()
    client = RoutingClient([Route("first", first), Route("second", second)])
    first.pause_seconds, first.trouble = 5.0, "It is down."
    client.submit(_message(1))
    assert client.pause_seconds == 0
    assert client.trouble == "first: It is down."
    first.pause_seconds = 0.0
    client.submit(_message(2))
    client.poll(0.1)
    assert ([message.id for message in first.taken], [message.id for message in second.taken]) == ([2], [1])


def test_a_message_that_nobody_serves_just_now_waits_and_when_nobody_works_all_do() -> None:
    shop, rest = MemoryClient(), MemoryClient()
    client = RoutingClient([Route("shop", shop, ("shop.example",)), Route("rest", rest, ("other.example",))])
    shop.pause_seconds = 9.0
    client.submit(_message(1))
    assert client.busy == 1
    (outcome,) = client.poll(0.1)
    assert outcome.verdict is Verdict.WAITING
    rest.pause_seconds = 3.0
    assert (client.pause_seconds, client.free) == (3.0, 0)


def test_a_full_provider_keeps_a_few_messages_gives_the_others_back_for_later_and_lets_other_domains_pass() -> None:
    slow, rest = StuckClient(capacity=4), MemoryClient(capacity=4)
    client = RoutingClient([Route("slow", slow, ("slow.example",)), Route("rest", rest)])
    for number in range(4):
        client.submit(_message(number, "slow.example"))
    back: list[Outcome] = []
    for number in range(4, 204):
        assert client.free == 4, "the other one has room"
        client.submit(_message(number, "slow.example"))
        client.submit(_message(1000 + number, "other.example"))
        back += [outcome for outcome in client.poll(0) if outcome.verdict is Verdict.WAITING]
    assert len(rest.taken) == 200
    assert len(back) == 200 - 16
    pauses = [outcome.pause_seconds for outcome in back]
    assert 0.9 < pauses[0] < pauses[90] < pauses[-1] < 5, "one after the other"
    slow.answers = True
    for _ in range(10):
        client.poll(0)
    assert [message.id for message in slow.taken] == list(range(20)), "what waited went in its order"


def test_an_urgent_message_goes_before_the_bulk_that_waits_for_a_full_provider() -> None:
    slow = StuckClient(capacity=1)
    client = RoutingClient([Route("slow", slow, ("slow.example",)), Route("rest", MemoryClient())])
    for number in range(40):
        client.submit(_message(number, "slow.example"))
    for number in (100, 101):
        client.submit(_message(number, "slow.example", urgent=True))
    slow.answers = True
    for _ in range(4):
        client.poll(0)
    assert [message.id for message in slow.taken][:4] == [0, 100, 101, 1]


def test_what_waits_for_a_provider_that_stops_working_goes_to_the_next() -> None:
    first, second = StuckClient(capacity=2), MemoryClient()
    client = RoutingClient([Route("first", first), Route("second", second)])
    for number in range(6):
        client.submit(_message(number))
    assert client.free == 8
    first.pause_seconds = 9.0
    client.poll(0)
    assert [message.id for message in second.taken] == [2, 3, 4, 5]
    assert len(client.close()) == 2


def test_when_all_are_full_nothing_more_is_taken() -> None:
    one, other = StuckClient(capacity=1), StuckClient(capacity=1)
    client = RoutingClient([Route("one", one, ("a.example",)), Route("other", other)])
    client.submit(_message(1, "a.example"))
    client.submit(_message(2))
    assert (client.free, client.busy) == (0, 2)
    client.submit(_message(3))
    assert sorted(outcome.id for outcome in client.close()) == [1, 2, 3]


def test_what_is_held_at_the_end_comes_back() -> None:
    client = RoutingClient([Route("one", MemoryClient())])
    client.submit(_message(1))
    assert [outcome.verdict for outcome in client.close()] == [Verdict.UNSENT]


def test_a_warm_up_caps_each_day_and_grows() -> None:
    plan = WarmUp(date(2026, 3, 1), 3, 2.0)
    assert [plan.cap(date(2026, 3, day)) for day in (1, 2, 3)] == [3, 6, 12]
    assert plan.cap(date(2026, 2, 28)) == 0
    today = [NOW]
    one, other = (Meter("new", None, plan, now=lambda: today[0]) for _ in range(2))
    assert one.left() == 3
    assert other.left() == 0, "all senders share the day"
    assert other.pause_seconds > 0
    for _ in range(3):
        one.spend()
    today[0] = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
    fresh = Meter("new", None, plan, now=lambda: today[0])
    assert fresh.left() == 6


def test_a_provider_whose_day_is_full_lets_the_next_one_take_over() -> None:
    new, old = MemoryClient(), MemoryClient()
    meter = Meter("new", None, WarmUp(date(2026, 3, 1), 2, 1.0), now=lambda: NOW)
    client = RoutingClient([Route("new", new, meter=meter), Route("old", old)])
    for number in range(5):
        wait_for(lambda: client.free > 0, seconds=10, what="there is room")
        client.submit(_message(number))
        wait_for(lambda: bool(client.poll(0)), seconds=10, what="it is sent")
    assert ([message.id for message in new.taken], [message.id for message in old.taken]) == ([0, 1], [2, 3, 4])


def test_a_rate_is_shared_by_all_senders() -> None:
    one, other = (Meter("slow", 8.0, None, now=lambda: NOW) for _ in range(2))
    assert (one.left(), other.left()) == (2, 2), "a quarter of a second's worth each"
    taken = 4
    for meter in [Meter("slow", 8.0, None, now=lambda: NOW) for _ in range(10)]:
        taken += meter.left()
    assert taken == 8, "no more than a second's worth at once"


@pytest.mark.parametrize(
    "text", ["x", "2026-03-01", "2026-03-01,0,2", "2026-03-01,10,0.5", "2026-13-01,10,2", "2026-03-01,10,nan"]
)
def test_a_plan_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ProviderUrlInvalid):
        read_warm_up(text)


def test_addresses_are_read_with_their_domains_and_plans() -> None:
    urls = ["mailgun://key@shop.example?domains=Shop.example,&rate=5", "smtp://mail.example?domains=b.example"]
    provider = find_providers(urls, "smtp://127.0.0.1:2525?warmup=2026-03-01,5,2&tls=none")
    client = provider.make_client()
    assert isinstance(client, RoutingClient)
    client.close()
    assert find_providers([], "smtp://127.0.0.1:2525").name == "smtp://127.0.0.1:2525"
    with pytest.raises(ProviderUrlInvalid):
        find_providers(["carrier-pigeon://x"], "smtp://127.0.0.1:2525")


def test_each_provider_tells_how_it_does() -> None:
    first, second = MemoryClient(), MemoryClient()
    client = RoutingClient([Route("first", first), Route("second", second)])
    first.pause_seconds, first.trouble = 5.0, "It is down."
    assert list_states(client, "several") == [RouteState("first", 5.0, "It is down."), RouteState("second", 0.0, "")]
    assert list_states(second, "alone") == [RouteState("alone", 0.0, "")]
