"""Style sheets go into elements, and documents into plain texts, without touching anything else."""

from __future__ import annotations

import pytest

from senet.content.css import inline_css
from senet.content.html import NestedTooDeeply
from senet.content.mjml import MjmlInvalid, mjml_to_html
from senet.content.plain_text import make_plain_text


def test_rules_become_style_attributes_and_the_rest_stays() -> None:
    html = (
        "<STYLE>td.x > a {color:red} p{margin:0} @media (max-width:1px){p{margin:1px}}</STYLE>\n"
        "<table><tr><td class=x><a HREF='https://x.example/?a=1&copy=2'>é &nbsp; &amp;</a><br/>"
        "<p   style='color: blue'>"
        "<!-- kept --><!--[if mso]><p><![endif]-->"
    )
    inlined = inline_css(html)

    assert inlined.replace(' style="color: red;"', "").replace('"margin: 0;color: blue"', "'color: blue'") == html


def test_documents_without_sheets_are_not_touched() -> None:
    html = "<p CLASS=x>{{ contact.first_name }}<br>"
    assert inline_css(html) is html


def test_liquid_in_styles_and_between_rows_survives() -> None:
    rows = "{% for x in y %}<tr><td><p style='color:{{ x }}'>a</p></td></tr>{% endfor %}"
    html = f"<style>p{{margin:0}}</style><table>{rows}</table>"
    assert inline_css(html) == html


def test_remote_sheets_are_not_fetched() -> None:
    html = '<link rel="stylesheet" href="http://127.0.0.1:1/x.css"><style>@import url(http://127.0.0.1:1/y.css);</style><p>'
    assert inline_css(html) == html


@pytest.mark.parametrize("opening", ["<div>", "<b><i>", "<table><tr><td>", "<div><style></div></style>", "<p><span>"])
def test_elements_nested_too_deeply_for_the_parsers_are_refused(opening: str) -> None:
    with pytest.raises(NestedTooDeeply):
        inline_css(f"<style>p{{margin:0}}</style>{opening * 20_000}")


def test_a_long_document_is_not_a_deep_one() -> None:
    html = "<div>" * 100 + "<p>one<p>two<br><li>three<td>four<img src=x>" * 1_000
    assert inline_css(html) is html


@pytest.mark.parametrize(
    "opening",
    ["<div>", "<BR>", "<xmp><b>", "<div a='</div>'>", "<div><!-- </div> -->", '<div a="/>">'],
)
def test_mjml_nested_too_deeply_for_its_parser_is_refused(opening: str) -> None:
    source = f"<mjml><mj-body><mj-section><mj-column><mj-text>{opening * 20_000}</mj-text></mj-column></mj-section>"
    with pytest.raises(MjmlInvalid, match="nested more than 200 deep"):
        mjml_to_html(f"{source}</mj-body></mjml>")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree\n"),
        ("<ul><li>a<li>b</ul>", "* a\n* b\n"),
        ('<a href="https://x.example/?a=1&amp;b=2">Go &amp; see</a>', "Go & see <https://x.example/?a=1&b=2>\n"),
        ('<a href="https://x.example/">https://x.example/</a>', "https://x.example/\n"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example\n"),
        ('<a href="#top">Top</a>', "Top\n"),
        ('<a href="https://x.example/"><img alt="Sale" src="x"></a>', "Sale <https://x.example/>\n"),
        ("<head><title>t</title></head><style>p{}</style><script>x</script><p>shown", "shown\n"),
        ('<div style="display:none">a<div>b</div>c</div>d', "d\n"),
        (
            "<!-- no --><!--[if mso]><p>outlook</p><![endif]--><!--[if !mso]><!--><p>others</p><!--<![endif]-->",
            "others\n",
        ),
        (
            "{% if x %}<p>{{ a | default: '&lt;' }} &lt;</p>{% endif %}",
            "{% if x %}\n\n{{ a | default: '&lt;' }} <\n\n{% endif %}\n",
        ),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
    ],
)
def test_a_plain_text_says_what_the_document_says(html: str, text: str) -> None:
    assert "\n".join(line for line in make_plain_text(html).split("\n")) == text


@pytest.mark.parametrize("font", ["", ' font-family="Ubuntu, Helvetica"', ' font-family="Roboto"'])
def test_mjml_lets_no_reader_fetch_fonts_from_strangers(font: str) -> None:
    column = f"<mj-column><mj-text{font}>Hello</mj-text></mj-column>"
    html = mjml_to_html(f"<mjml><mj-body><mj-section>{column}</mj-section></mj-body></mjml>")
    assert "Hello" in html
    assert "fonts.googleapis.com" not in html
