"""Makes newsletters as awkward as real ones: whatever a designer, three editors and a word processor leave behind.

Each comes with the links that it holds, in order, as a browser would read them: what they lead to, and whether they may
be replaced by a redirect.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_WORDS = (
    "Spring", "sale", "boats", "Äpfel", "naïve", "日本語", "🎉", "50&nbsp;%", "A &amp; B", "a &lt; b", "it’s", "été",
    "x&y", "—", "Ω", "مرحبا", "fish & chips", "&copy;2026", "&#8364;9", "&#x1F600;", "\u00a0", "a\u200bb",
)  # fmt: skip
# What stands in the attribute, and what a browser makes of it: followed, percent-encoded, absolute.
_URLS = (
    ("https://shop.example.com/", "https://shop.example.com/"),
    ("https://shop.example.com/a?b=1&c=2", "https://shop.example.com/a?b=1&c=2"),
    ("https://shop.example.com/a?b=1&amp;c=2", "https://shop.example.com/a?b=1&c=2"),
    ("https://shop.example.com/a?x=1&copy=2", "https://shop.example.com/a?x=1&copy=2"),
    ("https://shop.example.com/a?x=1&lt;=2", "https://shop.example.com/a?x=1%3C=2"),
    ("https://shop.example.com/a?q=%20%C3%A4%2F", "https://shop.example.com/a?q=%20%C3%A4%2F"),
    ("https://shop.example.com/äpfel?größe=1", "https://shop.example.com/%C3%A4pfel?gr%C3%B6%C3%9Fe=1"),
    ("https://shop.example.com/日本#ページ", "https://shop.example.com/%E6%97%A5%E6%9C%AC#%E3%83%9A%E3%83%BC%E3%82%B8"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("  https://shop.example.com/spaces  ", "https://shop.example.com/spaces"),
    ("https://shop.example.com/new\nline", "https://shop.example.com/newline"),
    ("HTTPS://SHOP.example.com/Case", "https://shop.example.com/Case"),
    ("http://shop.example.com:8080/port", "http://shop.example.com:8080/port"),
    ("https://shop.example.com/a b", "https://shop.example.com/a%20b"),
    ("https://shop.example.com/&#x61;&#98;", "https://shop.example.com/ab"),
    ("https://shop.example.com/a;b=c,d/~e!$'()*", "https://shop.example.com/a;b=c,d/~e!$'()*"),
    ("https://shop.example.com/?a[]=1&b={x}", "https://shop.example.com/?a[]=1&b=%7Bx%7D"),
    ("https://shop.example.com/%7Bkeep%7D", "https://shop.example.com/%7Bkeep%7D"),
    ("https://shop.example.com?no=slash", "https://shop.example.com?no=slash"),
    ("https://user:pa%40ss@shop.example.com/auth", "https://user:pa%40ss@shop.example.com/auth"),
    ("https://[2001:db8::1]/six", "https://[2001:db8::1]/six"),
)
_RELATIVE = (("/root?x=1", "https://base.example/root?x=1"), ("sub/page", "https://base.example/dir/sub/page"))
_BEGINNINGS = ["<!DOCTYPE html>\n", "<!doctype HTML PUBLIC '-//W3C//DTD'>\r\n", "", "\ufeff"]
_STYLE = "<style>a[href^='https://x'] > b { color: red } /* <a href='https://no.example/s'> */</style>"
_ATTRIBUTES = ['target="_blank"', "class=b", "style='color:#123;background:url(x)'", "disabled"]
_KEPT = (  # nothing of these may change
    "mailto:anna@example.com?subject=H%C3%A4%20%26%20x&amp;body=a", "tel:+49-431-123", "#top", "#", "sms:+491234",
    "{{ message.unsubscribe_url }}", "{{ content_settings.subscription_center }}", "", "data:text/plain,x",
    "javascript:void(0)", "webcal://shop.example.com/a.ics", "cid:image1", "relative/without/base", "http://", "https:///x",
)  # fmt: skip


@dataclass(slots=True)
class Newsletter:
    """A document and its links in order: (the attribute's source, what it leads to; None where nothing changes)."""

    html: str = ""
    links: list[tuple[str, str | None]] = field(default_factory=list)


class NewsletterMaker:
    """Makes newsletters from a seed; the same seed makes the same one."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._made = Newsletter()
        self._base = False
        self._parts: list[str] = []

    def make(self) -> Newsletter:
        """Return a newsletter."""
        chance = self._random
        self._base = chance.random() < 0.2
        self._parts.append(chance.choice(_BEGINNINGS))
        self._parts.append(chance.choice(["<html><head>", "<HTML lang=de xmlns:v='urn:x'><HEAD>", "<html\n><head\t>"]))
        self._parts.append("<meta charset=utf-8><title>A &amp; B <a href='https://no.example/'></title>")
        if self._base:
            self._parts.append('<base href="https://base.example/dir/page?q#f">')
        if chance.random() < 0.5:
            self._parts.append(
                "<style>a[href^='https://x'] > b { color: red } /* <a href='https://no.example/s'> */</style>"
            )
        self._parts.append(chance.choice(["</head><body>", "</head>\n<BODY bgcolor=#ffffff>", "<body>"]))
        for _ in range(chance.randint(2, 8)):
            self._block(chance.randint(0, 4))
        self._parts.append("<p>{{ content_settings.address_main }}</p>")
        self._parts.append(chance.choice(["</body></html>", "</BODY>\n</HTML>\n", "</body>", ""]))
        self._made.html = "".join(self._parts)
        return self._made

    def _block(self, depth: int) -> None:
        kinds = [self._paragraph, self._table, self._button, self._comment, self._image, self._liquid, self._odd]
        self._random.choice(kinds)(depth)

    def _text(self) -> str:
        return " ".join(self._random.choices(_WORDS, k=self._random.randint(1, 6)))

    def _paragraph(self, _depth: int) -> None:
        tag = self._random.choice(["p", "div", "P", "center", "font color=red", "span class='a > b'"])
        self._parts.append(f"<{tag}>{self._text()} ")
        self._link(self._text())
        self._parts.append(f" {self._text()}</{tag.split(' ')[0]}>\n")

    def _table(self, depth: int) -> None:
        self._parts.append('<table width=100% cellpadding="0"><tbody><tr>' if depth % 2 else "<table><tr>")
        for _ in range(self._random.randint(1, 3)):
            self._parts.append(self._random.choice(["<td>", "<TD valign=top nowrap>", '<td style="padding:0 1px">']))
            if depth > 0:
                self._block(depth - 1)
            else:
                self._link(self._text())
            self._parts.append(self._random.choice(["</td>", "", "</TD >"]))
        self._parts.append("</tr></table>")

    def _button(self, _depth: int) -> None:
        """A button as Outlook wants it (VML in a conditional comment) and as the others do."""
        source, target = self._choose_url()
        quoted = source.replace('"', "&quot;")
        self._parts.append(f'<!--[if mso]><v:roundrect xmlns:v="urn:v" href="{quoted}" arcsize="8%" stroke="f">')
        self._made.links.append((quoted, target))
        self._parts.append(f"<center>{self._text()}</center></v:roundrect><![endif]--><!--[if !mso]><!-->")
        self._link(self._text())
        self._parts.append("<!--<![endif]-->")

    def _comment(self, _depth: int) -> None:
        self._parts.append(self._random.choice([
            "<!-- <a href='https://no.example/comment'>x</a> -->", "<!---->", "<!-- > -- >-->", "<!-->",
            "<!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->", "<?xml version='1.0'?>",
        ]))  # fmt: skip

    def _image(self, _depth: int) -> None:
        words = self._random.choice(["", "Äpfel", "a > b"])
        image = f"<img src=https://cdn.example/a.png?x=1&amp;y=2 alt='{words}' width=1>"
        if self._random.random() < 0.6:
            self._link(image)
        else:
            source, target = self._choose_url()
            self._parts.append(f'{image}<map name=m><area shape=rect coords="0,0,9,9" href="{source}"></map>')
            self._made.links.append((source, target))

    def _liquid(self, _depth: int) -> None:
        self._parts.append("{% if contact.first_name == '<b>' %}<b>{{ contact.first_name }}</b>{% else %}")
        self._link(self._text())
        self._parts.append("{% endif %}{% raw %}{{ '<a href=https://no.example/raw>' }}{% endraw %}")

    def _odd(self, _depth: int) -> None:
        self._parts.append(self._random.choice([
            "<script>document.write('<a href=https://no.example/js>');</script>", "<a name=anchor></a>", "<br/><hr>",
            "<textarea><a href='https://no.example/t'></textarea>", "a < b && c > d", "<p>never closed", "</nothing>",
            "<a data-href='https://no.example/d'>x</a>", "<p title='<a href=https://no.example/title>'>x</p>",
            "&nbsp;&amp",
        ]))  # fmt: skip

    def _choose_url(self) -> tuple[str, str | None]:
        chance = self._random
        if self._base and chance.random() < 0.3:
            return chance.choice(_RELATIVE)
        if chance.random() < 0.25:
            kept = chance.choice(_KEPT)
            means_something = self._base and kept in {"relative/without/base", "", "#", "#top"}
            return "mailto:x@example.com" if means_something else kept, None
        return chance.choice(_URLS)

    def _link(self, inner: str) -> None:
        chance = self._random
        source, target = self._choose_url()
        plain = not any(each in source for each in " \n\t\"'<>=`{}") and source != ""
        quote = chance.choice(['"', "'", ""] if plain else ['"', "'"])
        if quote == "'" and "'" in source:
            quote = '"'
        name = chance.choice(["href", "HREF", "hReF"])
        equals = chance.choice(["=", " = ", "=\n"]) if quote else "="
        attributes = [f"{name}{equals}{quote}{source}{quote}"]
        attributes += chance.sample(
            ['target="_blank"', "class=b", "style='color:#123;background:url(x)'", "disabled"], 2
        )
        chance.shuffle(attributes)
        if not quote and attributes[-1].startswith(name):
            attributes.append("rel=x")
        opening = chance.choice(["<a ", "<A ", "<a\n"])
        self._parts.append(f"{opening}{' '.join(attributes)}>{inner}</a>")
        self._made.links.append((source, target))
