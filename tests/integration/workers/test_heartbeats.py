"""Processes say that they live; `/healthz` and `/metrics` repeat it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from senet.shared.clock import utc_now
from senet.workers.heartbeats import beat, fall_silent, list_heartbeats
from senet.workers.loops import Pulse

pytestmark = pytest.mark.django_db


def test_a_second_beat_replaces_the_first() -> None:
    now = utc_now()
    beat([Pulse("worker"), Pulse("shipper")], started_at=now, now=now)
    beat([Pulse("worker", {"rows": 3})], started_at=now, now=now + timedelta(seconds=1))
    heard = {one.name: one for one in list_heartbeats()}
    assert set(heard) == {"worker", "shipper"}
    assert heard["worker"].detail["rows"] == 3
    assert heard["worker"].beat_at == now + timedelta(seconds=1)


def test_those_silent_for_an_hour_are_forgotten() -> None:
    now = utc_now()
    beat([Pulse("sender")], started_at=now, now=now - timedelta(hours=2))
    beat([Pulse("worker")], started_at=now, now=now)
    assert [one.name for one in list_heartbeats()] == ["worker"]


def test_a_clean_end_takes_the_heartbeats_away() -> None:
    beat([Pulse("worker")], started_at=utc_now(), now=utc_now())
    fall_silent()
    assert list_heartbeats() == []


def test_healthz_answers_503_with_the_reasons(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 503
    body = response.json()
    assert body["components"]["postgres"]["status"] == "ok"
    assert body["reasons"]["door"] == "Never heard. Start `senet door` or `senet up`."


def test_healthz_changes_nothing_by_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_metrics_are_for_this_machine_alone(client: Client) -> None:
    beat([Pulse("shipper", {"lag_seconds": 1.5})], started_at=utc_now(), now=utc_now())
    body = client.get("/metrics").content.decode()
    assert 'senet_component{component="shipper",figure="lag_seconds"' in body
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="192.0.2.7").status_code == 403


def test_a_token_opens_the_metrics_to_others(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION="Bearer s3cret").status_code == 200


@pytest.mark.parametrize("token", ["", "audit", "audit:1abc:forged"])
def test_internal_addresses_answer_only_senets_own_commands(client: Client, token: str) -> None:
    assert client.post("/internal/audit", HTTP_X_SENET_INTERNAL=token).status_code == 403
