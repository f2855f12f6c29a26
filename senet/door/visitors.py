"""Who asks: the user agent read once a distinct text, and a verdict by named rules. Nothing is ever dropped for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import ua_parser

from senet.door.values import Event, Visitor
from senet.shared.clock import utc_now
from senet.shared.tokens import LinkToken

MAX_TEXT = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")

# (rule, verdict, pattern), the first that matches decides.
_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("gmail_image_proxy", "proxy", re.compile(r"GoogleImageProxy|ggpht\.com", re.IGNORECASE)),
    ("yahoo_mail_proxy", "proxy", re.compile(r"YahooMailProxy|YahooCacheSystem", re.IGNORECASE)),
    ("apple_mail_privacy", "proxy", re.compile(r"Mozilla/5\.0$")),
    ("other_image_proxy", "proxy", re.compile(r"ImageProxy|DuckDuckGo-Favicons|Yandex(Images|Mail)", re.IGNORECASE)),
    (
        "mail_scanner",
        "bot",
        re.compile(
            r"Barracuda|Mimecast|Proofpoint|SafeLinks|Symantec|TrendMicro|Forcepoint|Sophos|FireEye|IronPort|Trustwave"
            r"|Cloudmark|Zscaler|Bitdefender|MessageLabs|BingPreview",
            re.IGNORECASE,
        ),
    ),
    (
        "named_robot",
        "bot",
        re.compile(r"(?<!cu)bots?\b|crawl|spider|slurp|scanner|preview|facebookexternalhit|WhatsApp/", re.IGNORECASE),
    ),
    (
        "program",
        "bot",
        re.compile(
            r"^(curl|wget|python|go-http|okhttp|java|libwww|ruby|php|perl|apache-httpclient|axios|node|postman|aiohttp"
            r"|httpie|winhttp|powershell)|python-|HeadlessChrome|PhantomJS",
            re.IGNORECASE,
        ),
    ),
)


def clean_text(raw: bytes) -> str:
    """Return a header's text without control characters, at most 512 characters of it."""
    return _CONTROL.sub(" ", raw[: MAX_TEXT * 4].decode("utf-8", "replace")).strip()[:MAX_TEXT]


@lru_cache(maxsize=20_000)
def read_visitor(user_agent: bytes) -> Visitor:
    """Return what a User-Agent header tells and what we think of it."""
    text = clean_text(user_agent)
    verdict, rule = judge(text)
    if not text:
        return Visitor(verdict=verdict, rule=rule)
    parsed = ua_parser.parse(text)
    browser = parsed.user_agent.family if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    return Visitor(text, browser[:64], system[:64], _find_device(text, verdict), verdict, rule)


def judge(user_agent: str) -> tuple[str, str]:
    """Return the verdict and the name of the rule that gave it."""
    if not user_agent:
        return "unknown", "no_user_agent"
    for rule, verdict, pattern in _RULES:
        if pattern.search(user_agent):
            return verdict, rule
    return "human", "browser"


def _find_device(user_agent: str, verdict: str) -> str:
    if verdict in {"bot", "proxy"}:
        return ""
    if re.search(r"iPad|Tablet|Android(?!.*Mobile)", user_agent):
        return "tablet"
    return "phone" if re.search(r"Mobi|iPhone|Android", user_agent) else "desktop"


def make_event(type_name: str, token: LinkToken, link: int | None, headers: Iterable[tuple[bytes, bytes]]) -> Event:
    """Return what the log is told of one request."""
    user_agent = referrer = b""
    for name, value in headers:
        if name == b"user-agent":
            user_agent = value
        elif name == b"referer":
            referrer = value
    return Event(
        type_name,
        utc_now(),
        token.message_id,
        link,
        read_visitor(user_agent[:4_096]),
        clean_text(referrer) if referrer else "",
        token.email_version_id if link is not None else None,
    )
