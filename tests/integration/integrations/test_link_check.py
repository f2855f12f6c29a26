"""Each link of an email is asked once, from outside this machine's own network; nothing of the pages is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from senet.accounts.values import Role
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import BODY, make_email
from tests.support.webhooks import Reply, webhook_server

pytestmark = pytest.mark.django_db


def read(response: Any) -> Any:
    return json.loads(response.content)


def make_linking(*urls: str) -> int:
    links = "".join(f'<a href="{url}">words</a>' for url in urls)
    return make_email(source=BODY.replace("<p>Dear", f"{links}<p>Dear").replace("https://shop.example.com", "x:")).pk


def check(email_id: int) -> dict[str, Any]:
    answer = sign_in(Role.MARKETER).post(f"/emails/{email_id}/check-links")
    assert answer.status_code == 200, answer.content
    return {each["url"]: each for each in read(answer)}


def test_a_link_that_works_one_that_does_not_and_one_that_liquid_writes(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with webhook_server(Reply(200)) as works, webhook_server(Reply(404)) as gone:
        dynamic = "https://x.example/{{ contact.id }}"
        found = check(make_linking(works.url, gone.url, works.url, dynamic))
        assert len(works.received) == 1
    assert (found[works.url]["ok"], found[works.url]["status"]) == (True, 200)
    assert (found[gone.url]["ok"], found[gone.url]["status"]) == (False, 404)
    assert (found[dynamic]["ok"], found[dynamic]["status"]) == (None, None)


def test_redirects_are_followed_and_each_address_on_the_way_is_judged(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with webhook_server(Reply(200)) as target, webhook_server(Reply(301, headers={"Location": target.url})) as first:
        assert check(make_linking(first.url))[first.url]["ok"] is True
        assert len(target.received) == 1
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with webhook_server(Reply(200)) as secret:
        answer = check(make_linking(secret.url))[secret.url]
        assert secret.received == []
    assert answer["ok"] is False
    assert "private network" in answer["detail"]


def test_a_circle_of_redirects_ends(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with webhook_server(*[Reply(302, headers={"Location": "/hook"})] * 10) as server:
        answer = check(make_linking(server.url))[server.url]
    assert answer["ok"] is False
    assert "redirects more than" in answer["detail"]


def test_links_are_checked_by_those_who_may_change_the_email() -> None:
    email = make_email()
    assert sign_in(Role.VIEWER).post(f"/emails/{email.pk}/check-links").status_code == 403
    assert ApiClient().post(f"/emails/{email.pk}/check-links").status_code == 401
    assert sign_in(Role.MARKETER, unit=make_unit("Here")).post(f"/emails/{email.pk}/check-links").status_code == 404
