"""The door's pages as plain HTML: no script, no image, nothing from elsewhere, readable by anybody and anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from senet.confirmations.values import Asked
from senet.door.choices import Choices, ListChoice

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1b1b1f;"
    "background:#fff}fieldset{border:1px solid #767680;border-radius:.5rem;margin:1.5rem 0;padding:1rem}"
    "label{display:block;padding:.35rem 0}small{display:block;color:#4a4a52;margin-left:1.8rem}"
    "input{width:1.1rem;height:1.1rem;margin-right:.5rem;vertical-align:-.15rem}"
    "input.wide{width:100%;height:auto;font:inherit;padding:.4rem;box-sizing:border-box}"
    "button{font:inherit;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:#1f4fbf;color:#fff}"
    "button:focus-visible,input:focus-visible{outline:3px solid #f5a623;outline-offset:2px}"
    "[role=status]{border-left:.3rem solid #1d7a3e;padding:.4rem 1rem;background:#eef8f1}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def make_headers(policy: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of a page for strangers; `policy` is its content security policy."""
    return [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store, private"),
        (b"x-robots-tag", b"noindex, nofollow"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", policy.encode()),
    ]


def make_policy(leads_to: str = "") -> str:
    """Return the pages' content security policy; `leads_to` is an origin to which a form's answer may redirect."""
    return (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'{' ' if leads_to else ''}{leads_to};"
        " base-uri 'none'; frame-ancestors 'none'"
    )


HEADERS = make_headers(make_policy())


def make_page(title: str, body: str) -> bytes:
    """Return a whole page; `body` is HTML, `title` is text."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    ).encode()


def _make_message(title: str, *sentences: str) -> bytes:
    return make_page(title, "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences))


NOT_FOUND = _make_message(
    "This link does not work",
    "It may have been cut off or changed on its way.",
    "Open it again from the email, or copy the whole address.",
)
NOTHING_HERE = _make_message("Nothing to see here", "This address is not meant to be opened.")
TRY_AGAIN = _make_message("Please try again in a moment", "We cannot look this up just now. Nothing has been lost.")
TOO_LARGE = _make_message(
    "This request is too large", "The address or the headers are longer than any that we hand out."
)
TOO_MANY = _make_message("Too many attempts", "Please wait a minute and try again.")
WRONG_METHOD = _make_message("This cannot be done here", "This address only understands being opened.")
LINK_DEAD = _make_message(
    "This link does not work",
    "The email that it belongs to is not known here any more, or it was only a test.",
    "Use the link at the foot of a recent email, or write to its sender.",
)

SENT_ON = _make_message(
    "This email was sent on to you",
    "Somebody who got it thought that you would like it. You are on none of our lists because of that, so there is "
    "nothing to unsubscribe from and nothing to choose.",
    "We forget your address within thirty days. The copy itself cannot be sent on.",
)


def unsubscribe_page(address: str, lists: Sequence[str]) -> bytes:
    """Return the page that asks before unsubscribing; opening it changes nothing."""
    what = (
        "<p>You will no longer be on:</p><ul>" + "".join(f"<li>{escape(name)}</li>" for name in lists) + "</ul>"
        if lists
        else "<p>You will get no more marketing emails from us.</p>"
    )
    return make_page(
        "Unsubscribe?",
        f"<p>Address: {escape(address)}</p>{what}"
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        '<button type="submit">Unsubscribe</button></form>',
    )


def unsubscribed_page(address: str, centre_path: str) -> bytes:
    """Return the page after unsubscribing, the first time or any other."""
    return make_page(
        "You are unsubscribed",
        f'<p role="status">Done: {escape(address)} is unsubscribed.</p>'
        f'<p><a href="{escape(centre_path)}">Choose what you would like to get instead</a></p>',
    )


def forward_page(fields: int, *, refused: Sequence[str] = ()) -> bytes:
    """Return the form that sends a mail on; opening it changes nothing."""
    wrong = "".join(f"<li>{escape(text)}</li>" for text in refused)
    problem = f'<div role="alert"><p>These are no email addresses:</p><ul>{wrong}</ul></div>' if wrong else ""
    inputs = "".join(
        f'<label>Address {number}<br><input class="wide" type="email" name="address" maxlength="254"'
        ' autocomplete="off"></label>'
        for number in range(1, fields + 1)
    )
    return make_page(
        "Forward this email",
        f"{problem}<p>We send it once to each address, without anything about you. We forget the addresses after a "
        f'month.</p><form method="post"><fieldset><legend>To whom?</legend>{inputs}</fieldset>'
        '<button type="submit">Forward</button></form>',
    )


def forwarded_page(taken: int, refused: Sequence[str]) -> bytes:
    """Return the page after forwarding; it tells nothing about who gets the mail."""
    wrong = "".join(f"<li>{escape(text)}</li>" for text in refused)
    rest = f"<p>These are no email addresses:</p><ul>{wrong}</ul>" if wrong else ""
    people = "1 address" if taken == 1 else f"{taken} addresses"
    return make_page("Thank you", f'<p role="status">We have noted {people}.</p>{rest}')


_CONSENT = (
    "Nothing",
    "Keep my details",
    "Write to me about what I order or ask for",
    "And send me the emails that I have chosen above",
    "And send me offers and news",
    "And choose them by what I open and click",
)
_NOTES = {
    Asked.MAILED: "We have sent you an email for each new choice. Open it and confirm: until then nothing changes.",
    Asked.MAILED_BEFORE: "We have sent you an email to confirm a choice before; we do not send it again just yet. "
    "Look for it in your inbox, and among the spam.",
    Asked.NO_ADDRESS: "We have no email address to ask you at, so the new choices could not be taken. Please write to "
    "us.",
}


def _write_list(one: ListChoice) -> str:
    described = f"<small>{escape(one.description)}</small>" if one.description else ""
    waits = "<small>Waits for your confirmation by email. Tick it to get the email again.</small>"
    return (
        f'<label><input type="checkbox" name="list" value="{one.id}"{" checked" if one.joined else ""}>'
        f"{escape(one.name)}{described}{waits if one.waiting else ''}</label>"
        f'<input type="hidden" name="shown" value="{one.id}">'
    )


def _write_consent(choices: Choices) -> str:
    if choices.consent_level is None:
        return ""
    radios = "".join(
        f'<label><input type="radio" name="consent_level" value="{level}"'
        f"{' checked' if level == choices.consent_level else ''}>{text}"
        f"{'<small>Waits for your confirmation by email.</small>' if level == choices.consent_asked else ''}</label>"
        for level, text in enumerate(_CONSENT)
    )
    shown = f'<input type="hidden" name="consent_shown" value="{choices.consent_level}">'
    return f"<fieldset><legend>What we may do</legend>{radios}{shown}</fieldset>"


def centre_page(choices: Choices, *, saved: str = "") -> bytes:
    """Return the subscription centre with the person's choices as they stand."""
    notes = [_NOTES[note] for note in dict.fromkeys(choices.notes) if note in _NOTES]
    status = "".join(f'<p role="status">{escape(sentence)}</p>' for sentence in [saved, *notes] if sentence)
    boxes = "".join(map(_write_list, choices.lists))
    lists = f"<fieldset><legend>Emails you would like to get</legend>{boxes}</fieldset>" if boxes else ""
    checked = " checked" if choices.do_not_bulk_email else ""
    return make_page(
        "Your email preferences",
        f"{status}<p>Address: {escape(choices.masked_address)}</p>"
        f'<form method="post">{lists}{_write_consent(choices)}<fieldset><legend>Everything</legend>'
        f'<label><input type="checkbox" name="do_not_bulk_email" value="1"{checked}>Send me no marketing emails at all'
        "<small>Your choices above are kept for the case that you change your mind.</small></label></fieldset>"
        '<button type="submit">Save</button></form>',
    )
