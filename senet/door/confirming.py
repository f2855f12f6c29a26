"""The page of a confirmation mail: opening it changes nothing, its button confirms; too late, it offers a new mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from django.db import transaction

from senet.confirmations.answering import confirm, find_question
from senet.confirmations.asking import ask_for_consent, ask_for_list
from senet.confirmations.models import ConfirmationRequest
from senet.confirmations.queries import load_setup
from senet.confirmations.values import Asked, Kind, Outcome, Question
from senet.door import html
from senet.door.choices import find_fact, mask_address
from senet.door.languages import mark, say
from senet.door.values import Visitor
from senet.interactions.values import Interaction
from senet.shared.errors import NotFound
from senet.shared.tokens import LinkToken, sign_link

_TITLES = {
    Outcome.CONFIRMED: mark("Thank you, it is confirmed"),
    Outcome.EXPIRED: mark("This link is no longer valid"),
    Outcome.WITHDRAWN: mark("This link is no longer valid"),
    Outcome.OTHER_ADDRESS: mark("This link is no longer valid"),
    Outcome.GONE: mark("This list is no more"),
}
_SENTENCES = {
    Outcome.EXPIRED: mark("It was valid for thirty days. Nothing has changed: you can have the email sent again."),
    Outcome.WITHDRAWN: mark("You have chosen something else since, or what you had asked for was taken back."),
    Outcome.OTHER_ADDRESS: mark("Your email address here is another one now. You can have the email sent to that one."),
    Outcome.GONE: mark("What you wanted to get is not sent any more. There is nothing to confirm."),
}
_AGAIN = {
    Asked.MAILED: (mark("We have sent it"), mark("Open the new email and confirm there.")),
    Asked.MAILED_BEFORE: (
        mark("It is on its way"),
        mark("We have sent it a short while ago. Look among the spam, too."),
    ),
    Asked.NOT_NEEDED: (mark("There is nothing to confirm"), mark("You have what you asked for already.")),
    Asked.NO_ADDRESS: (
        mark("We cannot write to you"),
        mark("We have no email address of yours any more. Please write to us."),
    ),
}
_STALE = frozenset({Outcome.EXPIRED, Outcome.OTHER_ADDRESS})  # another mail helps


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says, or where it sends people; `leads_to` is the origin that its form may end up at."""

    body: bytes
    status: int = 200
    location: str = ""
    leads_to: str = ""


Act = Callable[[LinkToken, str, Visitor, datetime], Answer]  # the language is where the str is


def find_act(form: Sequence[tuple[str, str]]) -> Act | None:
    """Return what the form of this page asks for; None when it is none of this page's."""
    if ("confirm", "1") in form:
        return give_answer
    return send_again if ("again", "1") in form else None


def ask(token: LinkToken, language: str, now: datetime) -> Answer:
    """Return the page as it stands. Changes nothing."""
    question = find_question(token.message_id, now)
    if question is None:
        return Answer(html.message_page("link_dead", language), 404)
    if question.outcome is not None:
        return _tell(question, token, language)
    is_list = question.kind is Kind.LIST
    asked = (
        html.say_html(language, "Please confirm that you would like to get:")
        if is_list
        else html.say_html(language, "Please confirm that you agree to:")
    )
    what = escape(question.object_name if is_list else say(language, question.object_description))
    more = question.object_description if is_list else ""
    thanks = urlsplit(load_setup().find_thanks(question.kind))
    page = html.make_page(
        say(language, "Please confirm"),
        f"<p>{html.say_html(language, 'Address: {address}', address=mask_address(question.address))}</p>"
        f"<p>{asked} <strong>{what}</strong></p><p>{escape(more)}</p>"
        '<form method="post"><input type="hidden" name="confirm" value="1">'
        f'<button type="submit">{html.say_html(language, "Yes, I confirm")}</button></form>'
        f"<p>{html.say_html(language, 'If it was not you who asked, close this page: nothing changes.')}</p>",
        language,
    )
    return Answer(page, leads_to=f"{thanks.scheme}://{thanks.netloc}" if thanks.netloc else "")


def give_answer(token: LinkToken, language: str, visitor: Visitor, now: datetime) -> Answer:
    """Confirm, and thank; the same again changes nothing and thanks again."""
    fact = _find_fact(token, "ConfirmationResponse", visitor, now)
    question = confirm(token.message_id, fact=fact, now=now) if fact else None
    if question is None:
        return Answer(html.message_page("link_dead", language), 404)
    thanks = load_setup().find_thanks(question.kind)
    if question.outcome is Outcome.CONFIRMED and thanks:
        return Answer(b"", 303, location=thanks)
    return _tell(question, token, language)


@transaction.atomic
def send_again(token: LinkToken, language: str, visitor: Visitor, now: datetime) -> Answer:
    """Ask anew for what a link that is no longer valid asked for, within the caps."""
    question = find_question(token.message_id, now)
    fact = _find_fact(token, "ConfirmationRequest", visitor, now)
    if question is None or fact is None:
        return Answer(html.message_page("link_dead", language), 404)
    if question.outcome not in _STALE or not load_setup().enabled:
        return _tell(question, token, language) if question.outcome else ask(token, language, now)
    request = ConfirmationRequest.objects.get(pk=question.request_id)
    try:
        if request.list_id is not None:
            asked = ask_for_list(request.list_id, by="centre", fact=fact, now=now)
        else:
            asked = ask_for_consent(request.consent_level or 0, by="centre", fact=fact, now=now)
    except NotFound:
        return Answer(html.message_page("link_dead", language), 404)
    title, sentence = _AGAIN[asked]
    said = f'<p role="status">{html.say_html(language, sentence)}</p>'
    return Answer(html.make_page(say(language, title), said, language))


def _tell(question: Question, token: LinkToken, language: str) -> Answer:
    """Return the page of a question that is settled."""
    outcome = question.outcome or Outcome.CONFIRMED
    title = say(language, _TITLES[outcome])
    path = f"/c/{sign_link(token._replace(link=0), purpose='centre')}"
    centre = f'<p><a href="{path}">{html.say_html(language, "See what you get")}</a></p>'
    if outcome is Outcome.CONFIRMED:
        what = question.object_name if question.kind is Kind.LIST else say(language, question.object_description)
        done = html.say_html(
            language, "{what}: confirmed for {address}.", what=what, address=mask_address(question.address)
        )
        return Answer(html.make_page(title, f'<p role="status">{done}</p>{centre}', language))
    again = (
        '<form method="post"><input type="hidden" name="again" value="1">'
        f'<button type="submit">{html.say_html(language, "Send me the email again")}</button></form>'
        if outcome in _STALE and load_setup().enabled
        else ""
    )
    told = f"<p>{html.say_html(language, _SENTENCES[outcome])}</p>"
    return Answer(html.make_page(title, f"{told}{again}{centre}", language), 410)


def _find_fact(token: LinkToken, type_name: str, visitor: Visitor, now: datetime) -> Interaction | None:
    """Return the fact of a confirmation mail's recipient: it is of no journey."""
    fact = find_fact(token.message_id, type_name, visitor, now)
    return replace(fact, journey_id=None, iteration=None, tile=None) if fact else None
