"""The app's front: who answers which address, with which headers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from senet.workers.front import make_front


async def django_twin(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Django: says which address it was asked for, with a policy of its own on previews."""
    headers = {"Content-Security-Policy": "sandbox"} if "preview" in scope["path"] else {}
    await PlainTextResponse(f"django {scope['path']}", headers=headers)(scope, receive, send)


class Browser:
    """Asks an ASGI application as a browser would."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    def ask(self, method: str, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._application)
            async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
                return await client.request(method, path)

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Senet</title>")
    (folder / "assets/index-abc123.js").write_text("console.log(1)")
    (folder / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return Browser(make_front(django_twin, folder))


@pytest.mark.parametrize("path", ["/api/v1/contacts", "/healthz", "/metrics", "/internal/audit"])
def test_django_answers_its_own_addresses(browser: Browser, path: str) -> None:
    assert browser.get(path).text == f"django {path}"


@pytest.mark.parametrize("path", ["/", "/contacts", "/journeys/12/show", "/login"])
def test_every_other_address_is_a_page_of_the_application(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, "<title>Senet</title>" in answer.text) == (200, True)
    assert answer.headers["cache-control"] == "no-cache"


def test_files_with_hashed_names_are_kept_for_a_year(browser: Browser) -> None:
    assert browser.get("/assets/index-abc123.js").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert browser.get("/favicon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/robots.txt", "/assets/gone"])
def test_a_file_that_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt"]
)
def test_nothing_outside_the_folder_is_served(browser: Browser, path: str) -> None:
    assert "secret" not in browser.get(path).text


def test_the_user_interface_takes_no_other_method(browser: Browser) -> None:
    assert browser.ask("POST", "/contacts").status_code == 405


@pytest.mark.parametrize("path", ["/", "/api/v1/contacts", "/assets/gone.js"])
def test_every_answer_carries_the_security_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert "script-src 'self';" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_an_answer_keeps_a_policy_of_its_own(browser: Browser) -> None:
    assert browser.get("/api/v1/emails/1/preview.html").headers["content-security-policy"] == "sandbox"


def test_a_missing_build_is_told(tmp_path: Path) -> None:
    answer = Browser(make_front(django_twin, tmp_path / "nothing")).get("/")
    assert answer.status_code == 503
    assert "make setup" in answer.text
