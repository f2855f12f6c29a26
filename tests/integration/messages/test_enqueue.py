"""A cohort becomes messages: queued, or blocked with the reason, once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

import senet.messages
from senet.interactions.types import TYPES
from senet.messages.actions import ADDRESS_PATTERN
from senet.messages.values import BlockReason
from senet.shared.errors import NotFound
from senet.shared.sql import load_sql
from tests.support.messages import NOW, enqueue, logged, make_version, states
from tests.support.people import make_company, make_contact, make_contacts

pytestmark = pytest.mark.django_db


def test_a_cohort_is_queued_and_nothing_is_logged() -> None:
    people = make_contacts(50)
    done = enqueue(people)
    assert (done.queued, done.blocked, dict(done.reasons)) == (50, 0, {})
    assert set(states().values()) == {("queued", None)}
    assert logged() == []


@pytest.mark.parametrize(
    ("columns", "reason", "detail"),
    [
        ({"do_not_email": True}, BlockReason.BY_USER, {"reason": "do_not_email"}),
        ({"do_not_bulk_email": True}, BlockReason.BY_USER, {"reason": "do_not_bulk_email"}),
        ({"email": ""}, BlockReason.INVALID_ADDRESS, {"reason": "missing"}),
        ({"email": "nobody"}, BlockReason.INVALID_ADDRESS, None),
        ({"active": False}, BlockReason.INACTIVE_CONTACT, None),
        ({"active": False, "do_not_email": True, "email": ""}, BlockReason.INACTIVE_CONTACT, None),
    ],
)
def test_a_contact_who_may_not_be_written_to_is_blocked_with_the_reason(
    columns: dict[str, object], reason: BlockReason, detail: object
) -> None:
    company = make_company()
    contact = make_contact(**{"company": company, **columns})  # type: ignore[arg-type]  # columns of any type
    done = enqueue([contact.pk])
    assert dict(done.reasons) == {reason.value: 1}
    assert states() == {contact.pk: ("blocked", reason.value)}
    assert logged() == [(reason.value, detail)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id, company_id, journey_id, iteration, tile, email_id FROM interaction")
        assert cursor.fetchall() == [(contact.pk, company.pk, 1, 1, 2, 1)]
        cursor.execute("SELECT i.message_id = m.id FROM interaction i, message m")
        assert cursor.fetchall() == [(True,)]


def test_a_contact_who_is_gone_is_blocked() -> None:
    done = enqueue([123_456])
    assert dict(done.reasons) == {BlockReason.MISSING_CONTACT.value: 1}
    assert logged(123_456) == [(BlockReason.MISSING_CONTACT.value, None)]


def test_transactional_mail_ignores_do_not_bulk_email_and_obeys_do_not_email() -> None:
    bulk, none = make_contact(do_not_bulk_email=True), make_contact(do_not_email=True)
    enqueue([bulk.pk, none.pk], version_id=make_version(legal_designation="transactional"))
    assert [state for state, _ in states().values()] == ["queued", "blocked"]


def test_of_two_contacts_with_one_address_one_gets_the_mail() -> None:
    people = [make_contact(address).pk for address in ("Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM")]
    done = enqueue(people)
    assert (done.queued, dict(done.reasons)) == (1, {BlockReason.DUPLICATE_ADDRESS.value: 2})


def test_a_duplicate_is_found_in_a_later_cohort_but_not_in_another_tile_or_iteration() -> None:
    first, second = make_contact("ada@example.com").pk, make_contact("ada@example.com").pk
    version = make_version()
    assert enqueue([first], version_id=version).queued == 1
    assert enqueue([second], version_id=version).blocked == 1
    assert enqueue([second], version_id=version, tile=3).queued == 1
    assert enqueue([second], version_id=version, iteration=2).queued == 1


def test_a_blocked_contact_does_not_take_the_address() -> None:
    blocked, free = make_contact("ada@example.com", do_not_email=True).pk, make_contact("ada@example.com").pk
    enqueue([blocked, free])
    assert states()[free] == ("queued", None)


def test_enqueuing_again_changes_nothing() -> None:
    people = [make_contact().pk, make_contact(do_not_email=True).pk, make_contact("ada@example.com").pk]
    people.append(make_contact("ada@example.com").pk)
    version = make_version()
    enqueue(people, version_id=version)
    before = (states(), logged())
    again = enqueue(people, version_id=version)
    assert (again.queued, again.blocked) == (0, 0)
    assert (states(), logged()) == before


def test_an_unknown_version_is_an_error() -> None:
    with pytest.raises(NotFound):
        enqueue([make_contact().pk], version_id=999)


def test_reasons_are_types_of_the_log() -> None:
    assert {reason.value for reason in BlockReason} <= TYPES.keys()


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("ada@example.com", True),
        ("ada.b+tag@sub.example.co.uk", True),
        ("o'neil_x@my-shop.example", True),
        ("jörg@münchen.example", True),
        ("user@例え.テスト", True),
        ("ada@xn--mnchen-3ya.example", True),
        ("", False),
        ("ada", False),
        ("ada@", False),
        ("@example.com", False),
        ("ada@localhost", False),
        ("ada@@example.com", False),
        ("ada@b@example.com", False),
        ("ada example@example.com", False),
        ("ada@exa mple.com", False),
        (".ada@example.com", False),
        ("ada.@example.com", False),
        ("a..b@example.com", False),
        ("ada@.example.com", False),
        ("ada@example..com", False),
        ("ada@example.com.", False),
        ("ada@-example.com", False),
        ("ada@example-.com", False),
        ("ada@example.com>", False),
        ("ada@example.com\r\nRCPT TO:<x@y.zz>", False),
        ("ada\n@example.com", False),
        ("<ada@example.com>", False),
        ("Ada <ada@example.com>", False),
        ("ada,bob@example.com", False),
        ("ada;bob@example.com", False),
    ],
)
def test_addresses_are_told_from_other_texts(address: str, *, valid: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [address, ADDRESS_PATTERN])
        assert cursor.fetchone() == (valid,)


def test_two_cohorts_at_once_that_share_addresses_send_one_mail_an_address(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    count = 400
    with psycopg.connect(url, autocommit=True) as setup:
        setup.execute("INSERT INTO business_unit (name) VALUES ('Main')")
        setup.execute(
            "INSERT INTO contact (email, business_unit_id) SELECT 'p' || n %% %s || '@example.com',"
            " (SELECT min(id) FROM business_unit) FROM generate_series(0, %s) AS n",
            [count, 2 * count - 1],
        )
        ids = [row[0] for row in setup.execute("SELECT id FROM contact ORDER BY id")]
    barrier, failures = threading.Barrier(2), list[BaseException]()

    def enqueue_half(half: list[int]) -> None:
        try:
            with psycopg.connect(url) as mine:
                mine.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY)")
                mine.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [half])
                barrier.wait(10)
                for tile in range(1, 6):
                    parameters = {
                        **dict.fromkeys(("journey_id", "iteration", "email_id", "email_version_id"), 1),
                        "tile": tile,
                        "content_settings_id": None,
                        "commercial": True,
                        "address_pattern": ADDRESS_PATTERN,
                        "expired": False,
                        "bypass_deduplication": False,
                        "quota_left": None,
                        "urgent": False,
                        "expires_at": None,
                        "now": NOW,
                    }
                    mine.execute(load_sql(senet.messages, "enqueue_cohort"), parameters)
                    mine.commit()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=enqueue_half, args=[part]) for part in (ids[:count], ids[count:][::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with psycopg.connect(url) as check:
        rows = check.execute("SELECT state, count(*) FROM message GROUP BY state ORDER BY state").fetchall()
        assert rows == [("blocked", 5 * count), ("queued", 5 * count)]
