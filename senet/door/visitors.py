"""Who asks: the user agent read once a distinct text, and a verdict by named rules. Nothing is ever dropped for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address

import ua_parser

from senet.door.values import Event, Visitor
from senet.shared.clock import utc_now
from senet.shared.tokens import LinkToken, derive_key

MAX_TEXT = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")

# (rule, verdict, pattern), the first that matches decides. Shapes are those of the vendors' public documentation.
_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("gmail_image_proxy", "proxy", re.compile(r"GoogleImageProxy|ggpht\.com", re.IGNORECASE)),
    ("yahoo_mail_proxy", "proxy", re.compile(r"YahooMailProxy|YahooCacheSystem", re.IGNORECASE)),
    ("apple_mail_privacy", "proxy", re.compile(r"^Mozilla/5\.0$")),  # Apple's proxy says no more than that
    (
        "other_image_proxy",
        "proxy",
        re.compile(r"Image-?Proxy|camo asset proxy|Yandex(Images|Mail)Proxy|YaDirectFetcher", re.IGNORECASE),
    ),
    (
        "mail_scanner",
        "bot",
        re.compile(
            r"Barracuda|Mimecast|Proofpoint|SafeLinks|Symantec|TrendMicro|Forcepoint|Sophos|FireEye|IronPort|Trustwave"
            r"|Cloudmark|Zscaler|Bitdefender|MessageLabs|BingPreview|VadeSecure|Cyren|Hornetsecurity|urlscan",
            re.IGNORECASE,
        ),
    ),
    (
        "named_robot",
        "bot",
        re.compile(
            r"(?<!cu)bots?(?![a-z])|crawl|spider|slurp|scanner|preview|facebookexternalhit|meta-external|WhatsApp"
            r"|APIs-Google|Mediapartners-Google|Google-(Safety|Read-Aloud|Inspection)|AppEngine-Google|GoogleOther"
            r"|DuckDuckGo-Favicons|Uptime|monitor|synthetic|check|fetch|validat|archiv|scrap|indexer|parser|feed\b|\brss"
            r"|harvest|extract|screenshot|webhook|unfurl|prefetch|prerender|pingdom|lighthouse|nagios|zabbix|datadog"
            r"|site ?(audit|improve|analy)|analy[sz]er|http ?client|downloader|selenium|playwright|puppeteer",
            re.IGNORECASE,
        ),
    ),
    # What people read with names no address to complain to; who answers for a program gives one.
    ("gives_an_address", "bot", re.compile(r"https?:/|\bwww\.|mailto:|[\w.-]@[\w-]+\.[a-z]", re.IGNORECASE)),
    # Programs that are like a browser say so; of browsers only Internet Explorer and Konqueror ever did.
    ("like_a_browser", "bot", re.compile(r"\(compatible\b(?!.*(MSIE \d|Konqueror))", re.IGNORECASE)),
    (
        "program",
        "bot",
        re.compile(
            r"^(curl|wget|python|go-http|okhttp|java|libwww|ruby|php|perl|apache-httpclient|axios|node|postman|aiohttp"
            r"|httpie|winhttp|powershell|guzzle|faraday|restsharp|reqwest|undici|got |dart|symfony|typhoeus|scrapy"
            r"|microsoft office existence|lwp|httpx)|python-|WindowsPowerShell|HeadlessChrome|PhantomJS|Electron-Fetch",
            re.IGNORECASE,
        ),
    ),
)
_BROWSER = re.compile(
    r"^(Mozilla/\d|Opera/|Dalvik/|Microsoft Office/|Microsoft Outlook|Outlook-|Thunderbird|.*CFNetwork)"
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


@lru_cache(maxsize=20_000)
def with_verdict(visitor: Visitor, verdict: str, rule: str) -> Visitor:
    """Return a visitor of whom the request itself says more than the user agent."""
    return replace(visitor, verdict=verdict, rule=rule)


@lru_cache(maxsize=20_000)
def mark_source(peer: str, forwarded: bytes, day: int) -> str:
    """Return a mark of a day's requests from one network address; the address itself is never kept.

    A peer in a private network is a proxy of ours: then the last address that it was told counts. No mark: unknown.
    """
    for text in (peer, forwarded.rpartition(b",")[2].strip().decode("ascii", "replace")):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        if address.is_global:
            network = address.packed[:8] if address.version == 6 else address.packed  # one customer has a /64
            key = derive_key("source")
            return blake2b(network + day.to_bytes(4, "big"), key=key, digest_size=8).hexdigest()
    return ""


def judge(user_agent: str) -> tuple[str, str]:
    """Return the verdict and the name of the rule that gave it."""
    if not user_agent:
        return "unknown", "no_user_agent"
    for rule, verdict, pattern in _RULES:
        if pattern.search(user_agent):
            return verdict, rule
    return ("human", "browser") if _BROWSER.match(user_agent) else ("unknown", "unknown_program")


def _find_device(user_agent: str, verdict: str) -> str:
    if verdict in {"bot", "proxy"}:
        return ""
    if re.search(r"iPad|Tablet|Android(?!.*Mobile)", user_agent):
        return "tablet"
    return "phone" if re.search(r"Mobi|iPhone|Android", user_agent) else "desktop"


def make_event(
    type_name: str, token: LinkToken, link: int | None, headers: Iterable[tuple[bytes, bytes]], peer: str
) -> Event:
    """Return what the log is told of one request; `peer` is the network address that it came from."""
    user_agent = referrer = forwarded = b""
    for name, value in headers:
        if name == b"user-agent":
            user_agent = value
        elif name == b"referer":
            referrer = value
        elif name == b"x-forwarded-for":
            forwarded = value
    at = utc_now()
    return Event(
        type_name,
        at,
        token.message_id,
        link,
        read_visitor(user_agent[:4_096]),
        clean_text(referrer) if referrer else "",
        token.email_version_id if link is not None else None,
        mark_source(peer, forwarded[-64:], at.toordinal()),
    )
