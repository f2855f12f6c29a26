"""A real Senet with people, mails and a live journey, and a Chromium that looks at it.

`senet up` runs every process; the data comes in through the API. One installation serves a worker's whole session: the
tests read it, or use people that no other test uses.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, StorageState, expect, sync_playwright

from senet.shared.clock import utc_now
from senet.workers.login import find_login
from tests.browser.seed import Seed, make_seed
from tests.support.databases import copy_database, drop_database, with_database
from tests.support.dns import name_server
from tests.support.processes import ApiClient, Installation, free_port, wait_for

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
UI = Path(__file__).parents[2] / "ui"


@dataclass
class House:
    """A running Senet, a client with an administrator's key, its login, and what is in it."""

    installation: Installation
    api: ApiClient
    email: str
    password: str
    seed: Seed
    bounce_port: int  # where returned mails are taken
    texts: dict[str, list[str]]  # what its name server says: name → TXT records

    @property
    def url(self) -> str:
        """The user interface's address."""
        return self.installation.app_url


@dataclass
class Watch:
    """What a page did that it should not have done."""

    url: str
    door_url: str  # pictures of emails come from there
    faults: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        """Note errors on the console, exceptions, and requests that leave the installation."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        asks_who_is_there = "401" in message.text and "/auth/me" in message.location.get("url", "")
        if message.type == "error" and not asks_who_is_there:
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.door_url, "data:", "blob:", "about:")):
            self.faults.append(f"request: {request.url}")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, template_database: str, worker_id: str) -> Iterator[House]:
    """Start everything, fill it, and stop it when the session ends."""
    if not (UI / "dist" / "index.html").is_file():
        pytest.fail("The user interface is not built. Run `make setup` first.")
    folder = tmp_path_factory.mktemp("browser")
    database = f"senet_browser_{os.environ['SENET_TEST_OWNER']}_{worker_id}"
    copy_database(template_database, database)
    bounce_port, texts = free_port(), dict[str, list[str]]()
    with name_server(texts) as dns:
        settings = {
            "SENET_SENDERS": "1",
            "SENET_UI": str(UI / "dist"),
            "SENET_BOUNCE_LISTEN": f"smtp://127.0.0.1:{bounce_port}",
            "SENET_DNS": dns,
            "SENET_AUDIENCE_DELAY_SECONDS": "0",  # who opens and clicks is up to the tests
        }
        installation = Installation(folder, with_database(database), settings)
        warming = f"domains=news.example&rate=50&warmup={utc_now().date()},500,1.5"
        settings["SENET_PROVIDERS"] = f"smtp://127.0.0.1:{installation.smtp_port}?{warming}"
        for name in ("up", "mailbox"):
            installation.start(name)
        try:
            filled = _fill(installation, bounce_port, texts)
            yield filled
            filled.api.close()
        finally:
            installation.stop()
            drop_database(database)


def _fill(installation: Installation, bounce_port: int, texts: dict[str, list[str]]) -> House:
    def is_well() -> bool:
        assert installation.processes["up"].poll() is None, installation.log_of("up")
        return httpx.get(f"{installation.app_url}/healthz", trust_env=False, timeout=5).status_code == 200

    wait_for(is_well, seconds=120, what="every component is well")
    login = find_login(installation.folder / "data")
    assert login is not None
    made = installation.run(
        "create-user", "program@example.org", "--role", "administrator", "--api-key", "--generate-password"
    )
    key = re.search(r"snt_\S+|API key:\s*(\S+)", made.stdout)
    assert key is not None, made.stdout
    api = ApiClient(installation.app_url, key.group(1) or key.group(0))
    try:
        seed = make_seed(api, installation)
        return House(installation, api, login.email, login.password, seed, bounce_port, texts)
    except BaseException:
        api.close()
        raise


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium with a fresh profile; one a module, so that its event loop is gone before others use Django."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def watch(house: House) -> Watch:
    """What the test's page must not do; empty at its end."""
    return Watch(house.url, house.installation.door_url)


@pytest.fixture
def visitor(house: House, browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page of somebody who has not signed in; the test fails on any fault of the page."""
    yield from _open(browser, house, watch, None)


@pytest.fixture
def page(house: House, browser: Browser, watch: Watch, session: StorageState) -> Iterator[Page]:
    """A page of the administrator, signed in; the test fails on any fault of the page."""
    yield from _open(browser, house, watch, session)


@pytest.fixture(scope="module")
def session(house: House, browser: Browser) -> StorageState:
    """The cookies of the administrator, who signs in once a module."""
    with browser.new_context(base_url=house.url) as context:
        sign_in(context.new_page(), house.email, house.password)
        return context.storage_state()


def _open(browser: Browser, house: House, watch: Watch, session: StorageState | None) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=house.url, storage_state=session)
    page = context.new_page()
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    watch.look_at(page)
    yield page
    context.close()
    assert watch.faults == []


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in as a person does."""
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Main").wait_for()
