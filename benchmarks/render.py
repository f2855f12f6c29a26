"""Renders a 22 kB mail with 5 personal fields, 12 links and a beacon for many people, beside the plain way.

The plain way is what a program without a compiler does for each person: python-liquid renders the whole document, every
link is replaced in it, and the standard library builds the message. The link that no reader sees is timed by itself.
Ratios are of one run on one core.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

SIZE = 20_000
PLAIN_SHARE = 100  # the plain way is so much slower that a hundredth of the people is enough
TARGET_RATIO = 20.0
HIDDEN_COST = 0.05  # of a rendering's time
_ROUNDS = 10
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DOOR = "https://links.example.com"
SETTINGS = {"address_main": "1 Main Street, Springfield", "subscription_center": ""}
_LINK = (
    '<tr><td style="padding:10px 20px;font-size:14px"><a style="color:#0a58ca"'
    ' href="https://shop.example.com/products/{n}?utm_source=mail&amp;utm_campaign=spring">Product {n}</a></td></tr>\n'
)
_TEXT = (
    '<tr><td align="left" style="font-size:0;padding:10px 25px;word-break:break-word"><div style="font-family:Ubuntu,'
    'Helvetica,Arial,sans-serif;font-size:13px;line-height:1;text-align:left;color:#000000">Paragraph {n}: spring has'
    " come, and with it our new collection, made of linen.</div></td></tr>\n"
)
_CONDITION = (
    '{% if contact.country == "DE" %}<p>Versand frei</p>{% elsif contact.country == "US" %}<p>Free shipping, '
    "{{ contact.first_name }}</p>{% else %}<p>Worldwide</p>{% endif %}"
)


def make_html(*, conditions: int = 0) -> str:
    """Return the document's source: about 22 kB."""
    links = "".join(_LINK.format(n=n) for n in range(12))
    texts = "".join(_TEXT.format(n=n) for n in range(65))
    greeting = (
        "<p>Dear {{ contact.first_name | capitalize }} {{ contact.last_name }},</p>"
        '<p>{{ company.name | default: "you" }} {{ contact.city }}</p>'
    )
    footer = (
        "<p>{{ content_settings.address_main }}"
        ' <a href="{{ content_settings.subscription_center }}">Settings</a></p></body></html>'
    )
    table = f"<table>{links}{texts}</table>"
    return f"<!doctype html><html><body>{greeting}{_CONDITION * conditions}{table}{footer}"


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:
    """Return figures and ratios for `size` people (0: 20,000)."""
    _configure(options)
    people = size or SIZE
    usual = _measure(_compiled(make_html()), people)
    hidden_cost = _measure_hidden_link(people)
    conditional = _measure(_compiled(make_html(conditions=3)), people)
    plain = _measure(_plain(make_html()), max(people // PLAIN_SHARE, 50))
    ratio = usual / plain
    return {
        "people": people,
        "html_bytes": len(make_html()),
        "message_bytes": _compiled(make_html())(1),
        "renders_per_second": round(usual),
        "renders_per_second_with_3_conditions": round(conditional),
        "plain_renders_per_second": round(plain),
        "ratios": {"over_plain": round(ratio, 1), "cost_of_the_hidden_link": round(hidden_cost, 3)},
        "targets": {"over_plain": TARGET_RATIO, "cost_of_the_hidden_link": HIDDEN_COST},
        "within_target": ratio >= TARGET_RATIO and hidden_cost <= HIDDEN_COST,
    }


def _configure(options: dict[str, Any]) -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "senet.config.settings")
        os.environ.setdefault("SENET_DATA", str(options.get("data_dir", ".senet")))
        django.setup()


def _contact(number: int) -> dict[str, Any]:
    return {
        "first_name": f"anna{number}",
        "last_name": "O'Neil",
        "city": "Zürich",
        "country": ("DE", "US", "CH")[number % 3],
        "email": f"anna{number}@example.com",
        "company": {"name": "Acme & Sons"},
    }


def _measure_hidden_link(people: int) -> float:
    """Return the share of a rendering that the hidden link costs: the best of rounds with it, and without."""
    from unittest.mock import patch

    from senet.content.encoded import Slots

    ways = [_compiled(make_html())]
    with patch("senet.content.render.Slots", _without_hidden(Slots)):
        ways.append(_compiled(make_html()))
    assert ways[0](1) > ways[1](1), "the link is there"
    share = max(people // _ROUNDS, 50)
    rounds = [[_measure(way, share) for way in ways] for _ in range(_ROUNDS)]
    with_link, without = (max(rates) for rates in zip(*rounds, strict=True))
    return float(without / with_link - 1)


def _without_hidden(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *fixed, **more: make(*fixed, **{**more, "hidden": None})


def _compiled(html: str) -> Callable[[int], int]:
    from senet.content.compiler import compile_email
    from senet.content.render import Renderer
    from senet.content.values import EmailSource, MessageToRender

    source = EmailSource(
        subject="Hello {{ contact.first_name }}", from_name="Shop", from_address="news@shop.example.com", source=html
    )
    renderer = Renderer(compile_email(source), DOOR)

    def render(number: int) -> int:
        message = MessageToRender(number, 7, number, f"anna{number}@example.com", AT, journey_id=3)
        return renderer.render(message, _contact(number), SETTINGS).size

    return render


def _plain(html: str) -> Callable[[int], int]:
    from liquid import Environment

    from senet.content.plain_text import make_plain_text
    from senet.shared.tokens import LinkToken, sign_link

    body = Environment(autoescape=True).from_string(html)
    text = Environment().from_string(make_plain_text(html))
    subject = Environment().from_string("Hello {{ contact.first_name }}")

    def render(number: int) -> int:
        contact = _contact(number)
        scope = {"contact": contact, "company": contact["company"], "content_settings": SETTINGS}
        links = iter(range(1, 100))

        def redirect(_: re.Match[str]) -> str:
            return f'href="{DOOR}/r/{sign_link(LinkToken(number, 7, next(links)), purpose="redirect")}"'

        message = EmailMessage(policy=SMTP)
        message["From"] = "Shop <news@shop.example.com>"
        message["To"] = contact["email"]
        message["Subject"] = subject.render(**scope)
        message.set_content(text.render(**scope))
        message.add_alternative(re.sub(r'href="https?:[^"]*"', redirect, body.render(**scope)), subtype="html")
        return len(message.as_bytes())

    return render


def _measure(render: Callable[[int], int], people: int) -> float:
    for number in range(200 if people > 1_000 else 5):
        render(number)
    started = time.perf_counter()
    for number in range(people):
        render(number)
    return people / (time.perf_counter() - started)
