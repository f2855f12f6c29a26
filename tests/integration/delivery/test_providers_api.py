"""/providers: what mails leave through and how far a warm-up is; passwords and keys are never told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from senet.accounts.values import Role
from senet.messages.pacing import take_of_day
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, sign_in

pytestmark = pytest.mark.django_db


def _set_up(settings: Settings) -> None:
    begins = utc_now().date() - timedelta(days=1)
    settings.PROVIDERS = (
        "mailgun://TOPSECRET@shop.example?webhook=ALSOSECRET&domains=shop.example&rate=20",
        f"smtp://user:HIDDEN@relay.example:587?domains=news.example&warmup={begins},100,2",
    )
    settings.SMTP_URL = "smtp://user:HIDDEN@last.example:25"


def test_providers_are_told_in_their_order_and_without_their_secrets(settings: Settings) -> None:
    _set_up(settings)
    answer = sign_in().get("/providers")
    shown = [(row["name"], row["domains"], row["rate"]) for row in answer.json()["items"]]
    assert shown == [
        ("mailgun", ["shop.example"], 20.0),
        ("smtp://relay.example:587", ["news.example"], None),
        ("smtp://last.example:25", [], None),
    ]
    assert "SECRET" not in answer.content.decode()
    assert "HIDDEN" not in answer.content.decode()


def test_a_warm_up_tells_its_caps_and_what_was_used(settings: Settings) -> None:
    _set_up(settings)
    now = utc_now()
    with transaction.atomic():
        assert take_of_day("smtp://relay.example:587", 200, limit=70, now=now) == 70
    warm_up = sign_in().get("/providers").json()["items"][1]["warm_up"]
    days = warm_up["days"]
    assert [(day["cap"], day["used"]) for day in days[:3]] == [(100, 0), (200, 70), (400, None)]
    assert days[1]["day"] == str(now.date())
    assert len(days) == 15


def test_a_sending_domain_names_its_providers(settings: Settings) -> None:
    _set_up(settings)
    client = sign_in()
    made = client.post("/sending-domains", {"domain": "mail.shop.example"}).json()
    assert made["providers"] == ["mailgun", "smtp://last.example:25"]


def test_only_managers_see_the_providers() -> None:
    assert ApiClient().get("/providers").status_code == 401
    for role, status in (
        (Role.ADMINISTRATOR, 200),
        (Role.MARKETING_MANAGER, 200),
        (Role.MARKETER, 403),
        (Role.VIEWER, 403),
    ):
        assert sign_in(role).get("/providers").status_code == status
