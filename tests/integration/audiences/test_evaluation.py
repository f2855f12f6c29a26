"""Membership follows the definition: whole, then only what changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from senet.audiences import actions, evaluation, tasks
from senet.audiences.errors import SegmentNotReady
from senet.audiences.evaluation import hold_lock
from senet.audiences.models import Segment
from senet.people.models import Company, Contact
from tests.support.accounts import main_unit
from tests.support.audiences import all_of, clause, make_list, make_segment, member_of, none_of
from tests.support.people import make_contact, make_contacts

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
GERMANS = all_of(clause("contact.country", "is", "DE"))


def members(segment: Segment) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id FROM segment_member WHERE segment_id = %s", [segment.pk])
        return {row[0] for row in cursor.fetchall()}


def changes(kind: str, audience_id: int) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, change, by FROM membership_change WHERE kind = %s AND audience_id = %s ORDER BY id",
            [kind, audience_id],
        )
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.django_db
def test_a_live_segment_holds_whom_its_definition_selects_and_says_who_came() -> None:
    ada, bob = make_contact(country="DE"), make_contact(country="FR")
    segment = make_segment(definition=GERMANS)
    assert members(segment) == {ada.pk}
    assert changes("segment", segment.pk) == [(ada.pk, 1, "rule")]
    assert (segment.size, segment.status) == (1, "live")
    assert bob.pk not in members(segment)


@pytest.mark.django_db
def test_a_second_evaluation_looks_only_at_the_changed_and_logs_who_left() -> None:
    ada, bob, eve = make_contact(country="DE"), make_contact(country="FR"), make_contact(country="DE")
    segment = make_segment(definition=GERMANS, now=NOW)
    Contact.objects.filter(pk=ada.pk).update(country="FR")
    Contact.objects.filter(pk=bob.pk).update(country="DE")
    done = actions.evaluate_segment(segment.pk, NOW)
    assert (done.full, done.added, done.removed, done.size) == (False, 1, 1, 2)
    assert members(segment) == {bob.pk, eve.pk}
    assert set(changes("segment", segment.pk)[2:]) == {(bob.pk, 1, "rule"), (ada.pk, -1, "rule")}


@pytest.mark.django_db
def test_an_evaluation_that_changes_nothing_writes_no_changes() -> None:
    make_contact(country="DE")
    segment = make_segment(definition=GERMANS, now=NOW)
    for full in (True, False):
        done = actions.evaluate_segment(segment.pk, NOW, full=full)
        assert (done.added, done.removed, done.size) == (0, 0, 1)
    assert len(changes("segment", segment.pk)) == 1


@pytest.mark.django_db
def test_a_deleted_contact_leaves_with_the_next_whole_evaluation() -> None:
    ada = make_contact(country="DE")
    dynamic, static = make_segment(definition=GERMANS, now=NOW), make_segment([ada.pk], now=NOW)
    gone = ada.pk
    ada.delete()
    tasks.evaluate_due(NOW + timedelta(hours=1))
    assert members(dynamic) == members(static) == set()
    assert changes("segment", dynamic.pk)[-1] == changes("segment", static.pk)[-1] == (gone, -1, "rule")


@pytest.mark.django_db
def test_ranges_together_cover_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senet.audiences.evaluation.list_ranges.__defaults__", (3,))
    people = [make_contact(country="DE" if number % 2 else "FR").pk for number in range(10)]
    segment = make_segment(definition=GERMANS)
    assert members(segment) == set(people[1::2])
    done = actions.evaluate_segment(segment.pk, NOW, full=True)
    assert (done.added, done.removed, done.size) == (0, 0, 5)


@pytest.mark.django_db
def test_somebody_who_joins_a_list_joins_the_segment_that_refers_to_it() -> None:
    ada, bob = make_contact(), make_contact()
    news = make_list([ada.pk])
    on_it = make_segment(definition=all_of(member_of(news.pk, audience="list")), now=NOW)
    not_on_it = make_segment(definition=all_of(member_of(news.pk, audience="list", containment="not_in")), now=NOW)
    assert (members(on_it), members(not_on_it)) == ({ada.pk}, {bob.pk})
    actions.leave_list(news.pk, [ada.pk], by="one_click", now=NOW)
    actions.join_list(news.pk, [bob.pk], by="centre", now=NOW)
    assert not tasks.evaluate_due(NOW + timedelta(minutes=1)).failed
    assert (members(on_it), members(not_on_it)) == ({bob.pk}, {ada.pk})
    assert changes("list", news.pk)[1:] == [(ada.pk, -1, "one_click"), (bob.pk, 1, "centre")]


@pytest.mark.django_db
def test_a_chain_of_segments_settles_in_one_round() -> None:
    ada, bob = make_contact(country="DE"), make_contact(country="FR")
    last = make_segment(definition=GERMANS, status="draft")
    germans = make_segment(definition=GERMANS, now=NOW)
    Segment.objects.filter(pk=last.pk).update(definition=none_of(member_of(germans.pk)), status="draft")
    actions.go_live(last.pk)
    tasks.evaluate_due(NOW)
    assert members(last) == {bob.pk}
    Contact.objects.filter(pk=bob.pk).update(country="DE")
    Contact.objects.filter(pk=ada.pk).update(country="FR")
    tasks.evaluate_due(NOW + timedelta(minutes=1))
    assert (members(germans), members(last)) == ({bob.pk}, {ada.pk})


@pytest.mark.django_db
def test_a_change_of_a_company_counts_within_a_minute_or_so() -> None:
    company = Company.objects.create(name="Acme", industry="Tools", business_unit=main_unit())
    ada = make_contact(company=company)
    segment = make_segment(definition=all_of(clause("company.industry", "is", "tools")), now=NOW)
    assert members(segment) == {ada.pk}
    Company.objects.filter(pk=company.pk).update(industry="Food")
    assert not tasks.evaluate_due(NOW + timedelta(seconds=30)).evaluated[0].full
    assert tasks.evaluate_due(NOW + timedelta(seconds=61)).evaluated[0].full
    assert members(segment) == set()


@pytest.mark.django_db
def test_relative_dates_are_looked_at_again_when_the_day_turns_in_the_segments_zone() -> None:
    zone = "America/New_York"
    ada = make_contact()
    Contact.objects.filter(pk=ada.pk).update(created_at=datetime(2026, 3, 10, 3, 30, tzinfo=UTC))  # 9 March, 23:30
    evening = datetime(2026, 3, 10, 3, 45, tzinfo=UTC)
    today = all_of(clause("contact.created_at", "today"))
    segment = make_segment(definition=today, time_zone=zone, now=evening)
    assert members(segment) == {ada.pk}
    report = tasks.evaluate_due(evening + timedelta(minutes=30))
    assert report.evaluated[0].full
    assert members(segment) == set()


@pytest.mark.django_db
def test_a_failing_segment_keeps_its_error_and_does_not_stop_the_others() -> None:
    ada = make_contact(country="DE")
    broken = make_segment(definition=GERMANS, status="draft")
    Segment.objects.filter(pk=broken.pk).update(
        status="live", live_definition=all_of(clause("contact.custom.gone", "is", "x"))
    )
    good = make_segment(definition=GERMANS, status="draft")
    actions.go_live(good.pk)
    report = tasks.evaluate_due(NOW)
    broken.refresh_from_db()
    assert list(report.failed) == [broken.pk]
    assert "There is no column called 'contact.custom.gone'" in broken.evaluation_error
    assert members(good) == {ada.pk}
    assert not tasks.evaluate_due(NOW + timedelta(seconds=30)).failed, "it is left alone for a minute"
    assert tasks.evaluate_due(NOW + timedelta(seconds=61)).failed


@pytest.mark.django_db
def test_going_live_needs_a_definition_without_problems_and_says_them_all() -> None:
    drawn = all_of(clause("contact.nonsense", "is", "x"), clause("contact.country", "last"), all_of())
    segment = make_segment(definition=drawn, status="draft")
    with pytest.raises(SegmentNotReady) as caught:
        actions.go_live(segment.pk)
    assert [problem.code for problem in caught.value.problems] == [
        "unknown_field",
        "unsuitable_operator",
        "empty_group",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_evaluations_at_once_are_one() -> None:
    ada = make_contact(country="DE")
    segment = make_segment(definition=GERMANS)

    def evaluate() -> Any:
        try:
            return actions.evaluate_segment(segment.pk, NOW, full=True)
        finally:
            connection.close()

    with hold_lock(segment.pk) as held, ThreadPoolExecutor() as pool:
        assert held
        assert pool.submit(evaluate).result().skipped
    with ThreadPoolExecutor(4) as pool:
        done = [job.result() for job in [pool.submit(evaluate) for _ in range(8)]]
    assert not all(one.skipped for one in done)
    assert members(segment) == {ada.pk}
    assert len(changes("segment", segment.pk)) == 1


@pytest.mark.django_db
def test_a_stopped_segment_keeps_its_members_and_follows_nobody() -> None:
    ada = make_contact(country="DE")
    segment = make_segment(definition=GERMANS)
    actions.stop(segment.pk)
    make_contact(country="DE")
    assert actions.evaluate_segment(segment.pk, NOW).skipped
    assert members(segment) == {ada.pk}


@pytest.mark.django_db
def test_an_evaluation_ends_itself_when_the_segment_went_live_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make_contact(country="DE")
    segment = make_segment(definition=GERMANS, now=NOW)
    real = evaluation._find_changed

    def meanwhile(*arguments: Any) -> Any:
        actions.stop(segment.pk)
        actions.go_live(segment.pk)
        return real(*arguments)

    monkeypatch.setattr(evaluation, "_find_changed", meanwhile)
    Contact.objects.update(country="DE")
    assert actions.evaluate_segment(segment.pk, NOW).skipped
    segment.refresh_from_db()
    assert segment.status == "going_live"


@pytest.mark.django_db(transaction=True)
def test_an_evaluation_that_broke_off_half_way_is_finished_by_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senet.audiences.evaluation.list_ranges.__defaults__", (3,))
    people = [make_contact(country="DE").pk for _ in range(10)]
    segment = make_segment(definition=GERMANS, status="draft")
    actions.go_live(segment.pk)
    real, calls = evaluation._refresh, []

    def break_off(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 3:
            raise OperationalError("the server is gone")
        real(*arguments)

    monkeypatch.setattr(evaluation, "_refresh", break_off)
    assert tasks.evaluate_due(NOW).failed == (segment.pk,)
    segment.refresh_from_db()
    assert (segment.status, len(members(segment))) == ("going_live", 6)
    assert segment.evaluation_error == "The database could not evaluate this segment."
    tasks.evaluate_due(NOW + timedelta(minutes=2))
    segment.refresh_from_db()
    assert (segment.status, segment.evaluation_error, segment.size) == ("live", "", 10)
    assert members(segment) == set(people)
    assert len(changes("segment", segment.pk)) == 10, "nobody came twice"


@pytest.mark.django_db
def test_the_delta_reads_only_what_changed() -> None:
    contacts = make_contacts(3000)
    segment = make_segment(definition=GERMANS, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contact, segment_member")
    position: dict[str, Any] = {"position": segment.evaluated_xid, "kinds": [], "ids": [], "limit": 10}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        some: dict[str, Any] = {"contact_ids": contacts[:5], "segment_id": segment.pk, "now": NOW}
        for name, parameters in (("find_changed_contacts", position), ("refresh_contacts", some)):
            condition = evaluation.compile_live(segment, NOW)
            cursor.execute(f"EXPLAIN {evaluation.fill(name, condition)}", {**condition.parameters, **parameters})
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on contact" not in plan
            assert "Seq Scan on segment_member" not in plan
            assert "contact_changed_xid" in plan or "contact_pkey" in plan
