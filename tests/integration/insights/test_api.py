"""The insights endpoints: who may ask, what they answer, and a clear error when ClickHouse is down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from senet.accounts.values import Role
from senet.insights.kpis import KPIS
from senet.interactions import clickhouse
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.clickhouse import ship
from tests.support.insights import click, deliver, happen, leave, make_drawn_journey, make_email_version, visit
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")
PATHS = [
    "/insights/journeys/{journey}/tiles",
    "/insights/emails/{email}/overview",
    "/contacts/{contact}/timeline",
]


@pytest.fixture
def ids() -> dict[str, int]:
    """A journey that somebody went through, and what belongs to it."""
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    message = deliver(version, journey)
    visit(journey, 1, message.contact_id, outcome="processed", branch=0)
    visit(journey, 3, message.contact_id, at=NOON + timedelta(minutes=1))
    leave(journey, 3, message.contact_id, branch=1)
    happen(message, "EmailOpened", at=NOON + timedelta(minutes=2), verdict="human")
    click(message, at=NOON + timedelta(minutes=3))
    ship()
    return {"journey": journey.pk, "email": version.email_id, "contact": message.contact_id}


@pytest.fixture
def no_clickhouse(ids: dict[str, int], settings: Settings) -> None:
    """ClickHouse stops answering."""
    settings.CLICKHOUSE_URL = "clickhouse://127.0.0.1:9/senet"


@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_of_the_unit_sees_the_numbers_and_a_stranger_nothing(path: str, ids: dict[str, int]) -> None:
    path = path.format(**ids)
    assert sign_in(Role.VIEWER).get(path).status_code == 200
    assert ApiClient().get(path).status_code == 401
    assert sign_in(Role.MARKETER, unit=make_unit()).get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("number", [0, 999_999, 2**63, 10**30])
def test_a_record_that_does_not_exist_is_not_found(path: str, number: int, ids: dict[str, int]) -> None:
    answer = sign_in().get(path.format(journey=number, email=number, contact=number))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"verdict": "everyone"}, {"from": "2026-01-02", "to": "2026-01-01"},
              {"from": "0001-01-01"}, {"to": "9999-12-31"}],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(query: dict[str, str], ids: dict[str, int]) -> None:
    for path in PATHS[:2]:
        answer = sign_in().get(path.format(**ids), query)
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "invalid_input"


@pytest.mark.parametrize("path", [*PATHS, "/audit"])
def test_without_clickhouse_the_answer_says_so(path: str, ids: dict[str, int], no_clickhouse: None) -> None:
    answer = sign_in().get(path.format(**ids))
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "clickhouse_unavailable"
    assert "Try again soon" in answer.json()["error"]["message"]


def test_without_clickhouse_the_rest_goes_on(ids: dict[str, int], no_clickhouse: None) -> None:
    for path in ("/insights/glossary", f"/journeys/{ids['journey']}", "/contacts"):
        assert sign_in().get(path).status_code == 200


def test_the_tiles_of_a_journey_have_the_agreed_shape(ids: dict[str, int]) -> None:
    body = sign_in().get(PATHS[0].format(**ids)).json()
    assert body["journey_id"] == ids["journey"]
    assert body["as_of"]
    tile = next(one for one in body["tiles"] if one["tile"] == 3)
    assert (tile["inflow"], tile["processed"], tile["processing"], tile["stopped"]) == (1, 1, 0, 0)
    assert tile["paths"] == [{"branch": 0, "label": "Yes", "count": 0}, {"branch": 1, "label": "No", "count": 1}]
    email = next(one for one in body["tiles"] if one["kind"] == "email")
    assert {"key": "delivered", "name": "Delivered", "value": 1} in email["kpis"]


def test_the_email_page_has_the_agreed_shape(ids: dict[str, int]) -> None:
    body = sign_in().get(PATHS[1].format(**ids), {"journey_id": ids["journey"], "verdict": "human"}).json()
    rate = next(kpi for kpi in body["kpis"] if kpi["key"] == "click_through_rate")
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["unit"]) == (1.0, 1, 1, "ratio")
    assert rate["description"] == KPIS["click_through_rate"].description
    assert body["top_links"][0]["url"] == "https://example.com/a"
    assert body["responses"][0]["delivered"] == 1


def test_the_period_s_names_are_from_and_to(ids: dict[str, int]) -> None:
    later = {"from": (NOON + timedelta(hours=1)).isoformat()}
    body = sign_in().get(PATHS[1].format(**ids), later).json()
    assert next(kpi["value"] for kpi in body["kpis"] if kpi["key"] == "delivered") == 0


def test_the_timeline_joins_log_and_ledger_newest_first_in_pages(ids: dict[str, int]) -> None:
    client, path = sign_in(), PATHS[2].format(**ids)
    whole = client.get(path).json()
    types = [entry["type"] for entry in whole["items"]]
    assert len(types) == 8
    assert types.count("ActivityContactDispatched") == 2
    assert types.index("EmailClicked") < types.index("EmailOpened") < types.index("EmailSent")
    assert all(entry["meaning"] for entry in whole["items"])
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        page = client.get(path, {"limit": 3, "cursor": cursor}).json()
        seen += [entry["type"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert sorted(seen) == sorted(types)
    assert client.get(path, {"cursor": "x'y"}).status_code == 422


def test_the_glossary_explains_every_kpi(ids: dict[str, int]) -> None:
    entries = sign_in(Role.VIEWER).get("/insights/glossary").json()
    assert [entry["key"] for entry in entries] == list(KPIS)
    assert ApiClient().get("/insights/glossary").status_code == 401


def test_the_audit_is_for_administrators(ids: dict[str, int]) -> None:
    assert sign_in(Role.MARKETING_MANAGER).get("/audit").status_code == 403
    report = sign_in().get("/audit").json()
    assert report["clean"], report
    assert all(check["holds"] and not check["broken"] for check in report["checks"])


def test_the_log_in_clickhouse_is_the_one_in_postgres(ids: dict[str, int]) -> None:
    assert clickhouse.fetch_rows("SELECT count() FROM interaction")[0][0] == 4
