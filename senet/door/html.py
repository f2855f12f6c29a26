"""The door's pages as plain HTML: no script, no image, nothing from elsewhere, readable by anybody and anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape

from senet.confirmations.values import Asked
from senet.door.choices import Choices, ListChoice
from senet.door.languages import NAMES, SOURCE, mark, say

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1b1b1f;"
    "background:#fff}fieldset{border:1px solid #767680;border-radius:.5rem;margin:1.5rem 0;padding:1rem}"
    "label{display:block;padding:.35rem 0}small{display:block;color:#4a4a52;margin-left:1.8rem}"
    "input{width:1.1rem;height:1.1rem;margin-right:.5rem;vertical-align:-.15rem}"
    "select{font:inherit;padding:.2rem .4rem}"
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


def make_page(title: str, body: str, language: str = SOURCE) -> bytes:
    """Return a whole page; `body` is HTML, `title` is text."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    ).encode()


def say_html(language: str, text: str, **values: str | int) -> str:
    """Return a sentence in a language as HTML."""
    return escape(say(language, text, **values))


_MESSAGES: Mapping[str, Sequence[str]] = {  # a title, and sentences
    "not_found": (
        mark("This link does not work"),
        mark("It may have been cut off or changed on its way."),
        mark("Open it again from the email, or copy the whole address."),
    ),
    "nothing_here": (mark("Nothing to see here"), mark("This address is not meant to be opened.")),
    "try_again": (
        mark("Please try again in a moment"),
        mark("We cannot look this up just now. Nothing has been lost."),
    ),
    "too_large": (
        mark("This request is too large"),
        mark("The address or the headers are longer than any that we hand out."),
    ),
    "too_many": (mark("Too many attempts"), mark("Please wait a minute and try again.")),
    "wrong_method": (mark("This cannot be done here"), mark("This address only understands being opened.")),
    "link_dead": (
        mark("This link does not work"),
        mark("The email that it belongs to is not known here any more, or it was only a test."),
        mark("Use the link at the foot of a recent email, or write to its sender."),
    ),
    "sent_on": (
        mark("This email was sent on to you"),
        mark(
            "Somebody who got it thought that you would like it. You are on none of our lists because of that, so "
            "there is nothing to unsubscribe from and nothing to choose."
        ),
        mark("We forget your address within thirty days. The copy itself cannot be sent on."),
    ),
}


@cache
def message_page(name: str, language: str = SOURCE) -> bytes:
    """Return a page that only says something."""
    title, *sentences = _MESSAGES[name]
    return make_page(
        say(language, title), "".join(f"<p>{say_html(language, sentence)}</p>" for sentence in sentences), language
    )


# For those of whom nothing is known, not even their language.
NOT_FOUND, NOTHING_HERE, TRY_AGAIN, TOO_LARGE, TOO_MANY, WRONG_METHOD = (
    message_page(name) for name in ("not_found", "nothing_here", "try_again", "too_large", "too_many", "wrong_method")
)


def unsubscribe_page(address: str, lists: Sequence[str], language: str) -> bytes:
    """Return the page that asks before unsubscribing; opening it changes nothing."""
    what = (
        f"<p>{say_html(language, 'You will no longer be on:')}</p><ul>"
        + "".join(f"<li>{escape(name)}</li>" for name in lists)
        + "</ul>"
        if lists
        else f"<p>{say_html(language, 'You will get no more marketing emails from us.')}</p>"
    )
    return make_page(
        say(language, "Unsubscribe?"),
        f"<p>{say_html(language, 'Address: {address}', address=address)}</p>{what}"
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        f'<button type="submit">{say_html(language, "Unsubscribe")}</button></form>',
        language,
    )


def unsubscribed_page(address: str, centre_path: str, language: str) -> bytes:
    """Return the page after unsubscribing, the first time or any other."""
    done = say_html(language, "Done: {address} is unsubscribed.", address=address)
    instead = say_html(language, "Choose what you would like to get instead")
    return make_page(
        say(language, "You are unsubscribed"),
        f'<p role="status">{done}</p><p><a href="{escape(centre_path)}">{instead}</a></p>',
        language,
    )


def forward_page(fields: int, language: str, *, refused: Sequence[str] = ()) -> bytes:
    """Return the form that sends a mail on; opening it changes nothing."""
    problem = f'<div role="alert">{_list_wrong(refused, language)}</div>' if refused else ""
    inputs = "".join(
        f'<label>{say_html(language, "Address {number}", number=number)}<br><input class="wide" type="email"'
        ' name="address" maxlength="254" autocomplete="off"></label>'
        for number in range(1, fields + 1)
    )
    promise = say_html(
        language,
        "We send it once to each address, without anything about you. We forget the addresses after a month.",
    )
    return make_page(
        say(language, "Forward this email"),
        f'{problem}<p>{promise}</p><form method="post"><fieldset><legend>{say_html(language, "To whom?")}</legend>'
        f'{inputs}</fieldset><button type="submit">{say_html(language, "Forward")}</button></form>',
        language,
    )


def forwarded_page(taken: int, refused: Sequence[str], language: str) -> bytes:
    """Return the page after forwarding; it tells nothing about who gets the mail."""
    noted = say_html(language, "Addresses that we have noted: {count}.", count=taken)
    rest = _list_wrong(refused, language) if refused else ""
    return make_page(say(language, "Thank you"), f'<p role="status">{noted}</p>{rest}', language)


def _list_wrong(refused: Sequence[str], language: str) -> str:
    wrong = "".join(f"<li>{escape(text)}</li>" for text in refused)
    return f"<p>{say_html(language, 'These are no email addresses:')}</p><ul>{wrong}</ul>"


_CONSENT = (
    mark("Nothing"),
    mark("Keep my details"),
    mark("Write to me about what I order or ask for"),
    mark("And send me the emails that I have chosen above"),
    mark("And send me offers and news"),
    mark("And choose them by what I open and click"),
)
_NOTES = {
    Asked.MAILED: mark(
        "We have sent you an email for each new choice. Open it and confirm: until then nothing changes."
    ),
    Asked.MAILED_BEFORE: mark(
        "We have sent you an email to confirm a choice before; we do not send it again just yet. Look for it in your "
        "inbox, and among the spam."
    ),
    Asked.NO_ADDRESS: mark(
        "We have no email address to ask you at, so the new choices could not be taken. Please write to us."
    ),
}


def _write_list(one: ListChoice, language: str) -> str:
    described = f"<small>{escape(one.description)}</small>" if one.description else ""
    waits = say_html(language, "Waits for your confirmation by email. Tick it to get the email again.")
    return (
        f'<label><input type="checkbox" name="list" value="{one.id}"{" checked" if one.joined else ""}>'
        f"{escape(one.name)}{described}{f'<small>{waits}</small>' if one.waiting else ''}</label>"
        f'<input type="hidden" name="shown" value="{one.id}">'
    )


def _write_consent(choices: Choices, language: str) -> str:
    if choices.consent_level is None:
        return ""
    waits = f"<small>{say_html(language, 'Waits for your confirmation by email.')}</small>"
    radios = "".join(
        f'<label><input type="radio" name="consent_level" value="{level}"'
        f"{' checked' if level == choices.consent_level else ''}>{say_html(language, text)}"
        f"{waits if level == choices.consent_asked else ''}</label>"
        for level, text in enumerate(_CONSENT)
    )
    shown = f'<input type="hidden" name="consent_shown" value="{choices.consent_level}">'
    legend = say_html(language, "What we may do")
    return f"<fieldset><legend>{legend}</legend>{radios}{shown}</fieldset>"


def _write_languages(chosen: str, language: str) -> str:
    options = "".join(
        f'<option value="{code}" lang="{code}"{" selected" if code == chosen else ""}>{escape(name)}</option>'
        for code, name in NAMES.items()
    )
    other = "" if chosen else f'<option value="" selected>{say_html(language, "Not chosen")}</option>'
    return (
        f"<fieldset><legend>{say_html(language, 'Language')}</legend>"
        f'<label>{say_html(language, "Write to me in")} <select name="language">{other}{options}</select></label>'
        f'<input type="hidden" name="language_shown" value="{chosen}"></fieldset>'
    )


def centre_page(choices: Choices, language: str, *, saved: bool = False, preview: bool = False) -> bytes:
    """Return the subscription centre with the person's choices as they stand; a preview cannot be saved."""
    notes = [_NOTES[note] for note in dict.fromkeys(choices.notes) if note in _NOTES]
    told = [mark("Your choices have been saved."), *notes] if saved else notes
    if preview:
        told = [mark("This is a preview. Nothing can be saved here.")]
    status = "".join(f'<p role="status">{say_html(language, sentence)}</p>' for sentence in told)
    boxes = "".join(_write_list(one, language) for one in choices.lists)
    legend = say_html(language, "Emails you would like to get")
    lists = f"<fieldset><legend>{legend}</legend>{boxes}</fieldset>" if boxes else ""
    checked = " checked" if choices.do_not_bulk_email else ""
    kept = say_html(language, "Your choices above are kept for the case that you change your mind.")
    return make_page(
        say(language, "Your email preferences"),
        f"{status}<p>{say_html(language, 'Address: {address}', address=choices.masked_address)}</p>"
        f'<form method="post">{lists}{_write_consent(choices, language)}'
        f"{_write_languages(choices.language, language)}"
        f"<fieldset><legend>{say_html(language, 'Everything')}</legend>"
        f'<label><input type="checkbox" name="do_not_bulk_email" value="1"{checked}>'
        f"{say_html(language, 'Send me no marketing emails at all')}<small>{kept}</small></label></fieldset>"
        f'<button type="submit"{" disabled" if preview else ""}>{say_html(language, "Save")}</button></form>',
        language,
    )
