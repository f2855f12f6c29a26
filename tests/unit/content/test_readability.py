"""Hard-to-read colours are found where they are known; what looks like spam is named rule by rule."""

from __future__ import annotations

import pytest

from senet.content.check_contrast import check_contrast, contrast
from senet.content.check_html import check_links
from senet.content.spam import check_spam, estimate_spam
from senet.content.values import EmailSource


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 255, 255), (255, 255, 255)) == 1
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color:#777777">pale</p>', True),
        ('<p style="color:#767676">enough</p>', False),
        ('<p style="color:#888;font-size:24px">large</p>', False),
        ('<p style="color:#888;font-size:19px;font-weight:bold">large and bold</p>', False),
        ('<p style="color:#bbb;font-size:40px">large and pale</p>', True),
        ('<table bgcolor="#000"><tr><td>black on black</td></tr></table>', True),
        ('<table bgcolor="#000"><tr><td style="color:white">white on black</td></tr></table>', False),
        ('<div style="background:#1f4fbf"><a href="x">blue on blue</a></div>', True),
        ('<div style="background-color:rgb(10, 10, 10)"><font color="#eeeeee">x</font></div>', False),
        ('<div style="background:url(x.png)">over a picture</div>', False),
        ('<div style="background-color:{{ contact.x }}"><p style="color:#fff">unknown</p></div>', False),
        ('<p style="display:none;color:#fff">hidden</p>', False),
        ('<div style="color:#fff"><p style="color:#000">inner</p></div>', False),
        ('<div style="color:#fff;background:#000">a<p style="color:inherit">b</p></div>', False),
        ('<p style="color:#fff">{{ contact.first_name }}</p>', False),
        ("<!-- <p style='color:#fff'>comment</p> --><title>x</title>", False),
    ],
)
def test_a_pair_of_colours_is_judged_as_it_is_shown(html: str, found: bool) -> None:
    problems = check_contrast(html)
    assert bool(problems) is found
    assert all(each.severity == "warning" and each.advice for each in problems)


def test_a_pair_is_told_once_with_the_words_that_have_it() -> None:
    (problem,) = check_contrast('<p style="color:#ccc">first words</p><p style="color:#cccccc">second</p>' * 50)
    assert "first words" in problem.message
    assert "#cccccc on #ffffff" in problem.message


GOOD = EmailSource(subject="Our spring collection", from_address="news@shop.example.com")
WORDS = "<p>" + "There are many words here about boats and sails. " * 5 + "</p>"


@pytest.mark.parametrize(
    ("source", "html", "reason"),
    [
        (EmailSource(subject="BUY NOW BEFORE IT ENDS"), WORDS, "capitals"),
        (EmailSource(subject="Look!! Really!"), WORDS, "exclaims"),
        (EmailSource(subject="Re: your order"), WORDS, "pretends to be an answer"),
        (GOOD, WORDS + "<p>Act now, it is risk-free</p>", "“risk-free”"),
        (GOOD, WORDS + '<a href="https://bit.ly/x">more</a>', "bit.ly"),
        (GOOD, WORDS + '<a href="https://evil.example/">bank.example.com</a>', "shows bank.example.com"),
        (GOOD, WORDS + '<a href="http://192.0.2.1/">more</a>', "bare number"),
        (GOOD, '<img src="a"><img src="b"><img src="c"><p>Few words</p>', "many pictures"),
        (GOOD, "<p>Hi</p>", "hardly any text"),
        (EmailSource(subject="x", from_address="me@gmail.com"), WORDS, "gmail.com"),
        (GOOD, WORDS + '<a href="https://x.example/">x</a>' * 61, "61 links"),
    ],
)
def test_each_rule_is_named_with_its_points(source: EmailSource, html: str, reason: str) -> None:
    found = estimate_spam(source, html)
    assert reason in "; ".join(each.sentence for each in found.reasons)


def test_an_ordinary_email_scores_nothing_and_a_bad_one_is_high() -> None:
    assert estimate_spam(GOOD, WORDS + '<a href="https://shop.example.com/a">shop.example.com</a>').score == 0
    bad = EmailSource(subject="RE: WINNER!!! FREE MONEY", from_address="x@gmail.com")
    found = estimate_spam(bad, '<a href="http://192.0.2.1/">www.bank.example</a>')
    assert (found.score, found.level) == (100, "high")
    (problem,) = check_spam(bad, '<a href="http://192.0.2.1/">www.bank.example</a>')
    assert problem.severity == "warning"
    assert "Senet's own rules" in problem.message
    assert "the subject is in capitals (+15)" in problem.advice
    assert check_spam(GOOD, WORDS) == []


def test_a_link_without_words_is_found_and_one_with_a_described_picture_is_not() -> None:
    def found(inner: str) -> bool:
        html = f'<a href="https://x.example/">{inner}</a>'
        return "link_unnamed" in {each.code for each in check_links(html)}

    assert found('<img src="a.png">')
    assert found('<img src="a.png" alt="">')
    assert not found('<img src="a.png" alt="Our shop">')
    assert not found("{{ contact.first_name }}")
    assert not found("<b>words</b>")
