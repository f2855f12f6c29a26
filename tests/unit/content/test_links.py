"""Links get slots by exact positions: what must not change does not change by a byte."""

from __future__ import annotations

import contextlib
import re

import pytest

from senet.content.language.masking import Unclosed
from senet.content.links import LinkRegister, TooManyLinks, slot_links, slot_text_links
from senet.content.values import Link

SLOT = re.compile(r"\{% senet_link \d+ %\}(.*?)\{% endsenet_link %\}", re.DOTALL)

AWKWARD = [
    '<a href="https://x.example/a">a</a>',
    "<a href='https://x.example/a?b=1&amp;c=2'>a</a>",
    "<A HREF=https://x.example/a?b=1&copy=2&lang=de>a</A>",
    '<a class="x" href = "https://x.example/ü/ä?q=ß" >a</a>',
    '<a\n  href="\n https://x.example/a\n"\n>a</a>',
    '<a title="a > b" href="https://x.example/">a</a>',
    '<table><tr><td><table><tr><td><a href="https://x.example/deep">a</a></td></tr></table></td></tr></table>',
    '<!--[if mso]><v:roundrect href="https://x.example/vml" style="x"><w:anchorlock/></v:roundrect><![endif]-->',
    '<!--[if !mso]><!--><a href="https://x.example/not-outlook">a</a><!--<![endif]-->',
    '<map><area shape="rect" coords="0,0,1,1" href="https://x.example/area"></map>',
    '<a href="http://[2001:db8::1]:8080/x">a</a>',
    '<a href="https://exämple.example/straße">a</a>',
    '<a href="https://x.example/a%20b?c=%C3%BC#frag">a</a>',
]

UNTOUCHED = [
    '<p <a href="https://x.example/an-attribute-of-a-paragraph">a</a>',
    '<a href="mailto:a@b.example?subject=Hi%20there">a</a>',
    '<a href="tel:+49123">a</a>',
    '<a href="sms:123">a</a>',
    '<a href="#top">a</a>',
    '<a href="">a</a>',
    "<a href>a</a>",
    '<a name="x">a</a>',
    '<a href="relative/page.html">a</a>',
    '<a href="javascript:alert(1)">a</a>',
    '<a href="https:///nohost">a</a>',
    '<link rel="stylesheet" href="https://x.example/a.css">',
    '<img src="https://x.example/a.png">',
    '<!-- <a href="https://x.example/">a</a> -->',
    "<script>var x = \"<a href='https://x.example/'>\";</script>",
    '<a href="https://x.example/" data-senet-tracking="false">a</a>',
    '<a data-msdyn-tracking=false href="https://x.example/">a</a>',
    '<a href="mailto:{{ contact.email }}">a</a>',
    '<a href="https://x.example/ never closed',
    "1 < 2 && 3 > 2 </ > <> <1>",
]


def slot(html: str) -> tuple[str, list[Link]]:
    register = LinkRegister()
    return slot_links(html, register), register.links


@pytest.mark.parametrize("html", AWKWARD)
def test_a_link_is_found_and_everything_else_stays_byte_for_byte(html: str) -> None:
    slotted, links = slot(html)

    assert len(links) == 1
    assert SLOT.sub(r"\1", slotted) == html


@pytest.mark.parametrize("html", UNTOUCHED)
def test_what_is_no_web_link_stays_as_it_is(html: str) -> None:
    assert slot(html) == (html, [])


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ('"https://x.example/?a=1&amp;b=2"', "https://x.example/?a=1&b=2"),
        ('"https://x.example/?a=1&copy=2&reg;"', "https://x.example/?a=1&copy=2%C2%AE"),
        ("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2"),
        ('"https://x.example/&#x61;"', "https://x.example/a"),
        ('" https://x.example/a\n"', "https://x.example/a"),
        ('"https://x.example/ü?ß=1"', "https://x.example/%C3%BC?%C3%9F=1"),
        ('"https://x.example/%C3%BC"', "https://x.example/%C3%BC"),
        ('"https://bücher.example/"', "https://xn--bcher-kva.example/"),
        ('"HTTPS://X.Example/Path"', "https://x.example/Path"),
    ],
)
def test_the_registered_target_is_what_a_browser_would_open(source: str, target: str) -> None:
    _, links = slot(f"<a href={source}>a</a>")
    assert [link.url for link in links] == [target]


def test_relative_links_follow_the_base_address() -> None:
    _, links = slot('<base href="https://x.example/shop/"><a href="spring?a=1">a</a><a href="/sale">b</a>')
    assert [link.url for link in links] == ["https://x.example/shop/spring?a=1", "https://x.example/sale"]


def test_links_are_numbered_in_order_with_their_labels() -> None:
    _, links = slot(
        '<a href="https://x.example/1"><b>Spring</b> &amp; summer</a>'
        '<a href="https://x.example/2"><img src="x" alt="The sale"></a>'
        '<a href="https://x.example/3" title="Help"></a>'
    )
    assert [(link.number, link.label) for link in links] == [(1, "Spring & summer"), (2, "The sale"), (3, "Help")]


def test_equal_tracking_ids_make_one_link_of_two_anchors() -> None:
    slotted, links = slot(
        '<a data-senet-tracking-id="hero" href="https://x.example/1">a</a><a href="https://x.example/1">b</a>'
        '<a data-senet-tracking-id="hero" href="https://x.example/1">c</a>'
    )
    assert [link.number for link in links] == [1, 2]
    assert re.findall(r"senet_link (\d)", slotted) == ["1", "2", "1"]


def test_a_link_with_liquid_is_dynamic_and_keeps_its_source() -> None:
    html = "<a href='https://x.example/{{ contact.city | default: \"none\" }}?a=1&amp;b=2'>a</a>"
    slotted, links = slot(html)

    assert links == [
        Link(1, 'https://x.example/{{ contact.city | default: "none" }}?a=1&b=2', "a", "url", dynamic=True)
    ]
    assert SLOT.sub(r"\1", slotted) == html


def test_centre_and_unsubscribe_links_are_known_by_their_kind() -> None:
    _, links = slot(
        '<a href="{{ content_settings.subscription_center }}">a</a><a href="{{message.unsubscribe_url}}">b</a>'
        '<a href="{{ contentsettings.subscription_center }}" data-senet-tracking="false">c</a>'
    )
    assert [link.kind for link in links] == ["subscription_center", "unsubscribe", "subscription_center"]


def test_addresses_in_a_plain_text_share_the_numbers_of_the_document() -> None:
    register = LinkRegister()
    slot_links('<a href="https://x.example/a?b=1&amp;c=2">a</a>', register)
    text = slot_text_links("See https://x.example/a?b=1&c=2, or (https://y.example/b).", register)

    assert text == (
        "See {% senet_link 1 %}https://x.example/a?b=1&c=2{% endsenet_link %}, "
        "or ({% senet_link 2 %}https://y.example/b{% endsenet_link %})."
    )


def test_finding_links_takes_linear_time() -> None:
    for piece in ("<a href=", "<!--", "<", "{{", "<a href='", "&", "<a ", "<![endif]", "<!--[if "):
        html = piece * 20_000
        with contextlib.suppress(Unclosed, TooManyLinks):
            slot(html)
