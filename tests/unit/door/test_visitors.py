"""User agents are hostile text; verdicts come from named rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senet.door.choices import mask_address
from senet.door.links import is_safe
from senet.door.visitors import MAX_TEXT, clean_text, judge, mark_source, read_visitor


@settings(deadline=None)  # the first user agent loads the parser's patterns
@given(st.binary(max_size=3000))
def test_any_bytes_become_text_that_postgres_takes(raw: bytes) -> None:
    visitor = read_visitor(raw)
    for text in (visitor.user_agent, visitor.browser, visitor.os, clean_text(raw)):
        assert len(text) <= MAX_TEXT
        assert "\0" not in text
        text.encode("utf-8")


@pytest.mark.parametrize(
    ("agent", "verdict", "rule"),
    [
        ("", "unknown", "no_user_agent"),
        ("Mozilla/5.0", "proxy", "apple_mail_privacy"),
        ("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "proxy", "gmail_image_proxy"),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "proxy", "yahoo_mail_proxy"),
        ("python-requests/2.32", "bot", "program"),
        ("Barracuda Sentinel (EE)", "bot", "mail_scanner"),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", "bot", "named_robot"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0", "bot", "program"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
            "human",
            "browser",
        ),
        ("Mozilla/5.0 (Linux; Android 15; CUBOT Note 50) AppleWebKit/537.36 Chrome/140.0", "human", "browser"),
    ],
)
def test_verdicts(agent: str, verdict: str, rule: str) -> None:
    assert judge(agent) == (verdict, rule)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19 Safari/605", "desktop"),
    ],
)
def test_devices(agent: str, device: str) -> None:
    assert read_visitor(agent.encode()).device == device


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a?b=c#d", True),
        ("http://xn--mnchen-3ya.de/%C3%BC", True),
        ("javascript:alert(1)", False),
        ("//example.com", False),
        ("https://example.com/\r\nX: y", False),
        ("https://example.com/\nX: y", False),
        ("https://", False),
        ("data:text/html,x", False),
        ("/relative", False),
        (" https://example.com", False),
    ],
)
def test_only_web_addresses_are_redirected_to(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


def test_a_masked_address_gives_nobody_away() -> None:
    assert mask_address("anna.bell@example.org") == "a•••@example.org"
    assert mask_address("") == mask_address("no-at") == "•••"


def test_the_mark_of_a_source_is_of_its_day_and_its_network() -> None:
    mark = mark_source("1.1.1.1", b"", 1)
    assert mark == mark_source("10.0.0.1", b"9.9.9.9, 1.1.1.1", 1) == mark_source("::1", b" 1.1.1.1 ", 1)
    assert mark != mark_source("1.1.1.1", b"", 2)
    assert mark != mark_source("1.1.1.2", b"", 1)
    assert mark_source("2606:4700::1", b"", 1) == mark_source("2606:4700::2:3:4", b"", 1)
    assert mark_source("1.1.1.1", b"8.8.8.8", 1) == mark  # only a proxy of ours is believed
    for nowhere in (b"", b"unix", b"10.0.0.1", b"\xff\xfe", b"999.1.1.1"):
        assert mark_source("127.0.0.1", nowhere, 1) == ""
