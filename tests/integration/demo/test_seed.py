"""The demo's world is made once, goes live without a complaint, and is believable."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from senet.audiences.models import Segment
from senet.audiences.tasks import evaluate_due
from senet.content.actions import source_of
from senet.content.check import check_email
from senet.content.models import Email
from senet.demo.people import list_contacts
from senet.demo.seed import ensure_demo
from senet.journeys.models import Journey
from senet.shared.clock import utc_now
from tests.support.accounts import make_user


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


TABLES = ("contact", "company", "email", "email_version", "segment", "subscription_list", "list_member", "journey")


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_made_once_and_lives(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    make_user()
    now = utc_now()
    ensure_demo(now, count=300)
    before = {table: count(table) for table in TABLES}
    assert before["contact"] == 300
    assert Journey.objects.get().status == "live"
    assert set(Segment.objects.values_list("status", "evaluation_error")) == {("live", "")}
    assert [problem for email in Email.objects.all() for problem in check_email(source_of(email))] == []
    ensure_demo(now, count=300)
    (tmp_path / "demo.json").unlink()
    ensure_demo(now + timedelta(days=1), count=300)
    assert {table: count(table) for table in TABLES} == before


@pytest.mark.django_db(transaction=True)
def test_members_arrive_while_one_looks(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    make_user()
    now = utc_now()
    ensure_demo(now, count=300)
    segment = Segment.objects.get(name="New members")
    assert segment.size is not None
    assert 150 < segment.size < 200
    evaluate_due(now + timedelta(hours=2))
    later = Segment.objects.get(pk=segment.pk)
    assert later.size is not None
    assert segment.size + 30 < later.size < 280


def test_the_same_people_are_drawn_every_time() -> None:
    now = utc_now()
    people = list(list_contacts(now, 2000))
    assert people == list(list_contacts(now, 2000))
    assert len({person["country"] for person in people}) == 7
    addresses = [person["email"] for person in people if person["email"]]
    assert len(set(addresses)) == len(addresses)
    assert all(address.split("@")[1].endswith(("example.com", "example.net", "example.org")) for address in addresses)
    assert all(address.isascii() for address in addresses)
    assert 10 < sum("+bounce@" in address for address in addresses) < 40
