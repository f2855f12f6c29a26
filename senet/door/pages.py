"""The door's pages: unsubscribe, subscription centre, health. Opening one changes nothing; a POST does."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog
from django.db import DatabaseError, InterfaceError, connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from senet.door import choices, confirming, forwards, html
from senet.door.files import Files
from senet.door.languages import find_language, read_accepted
from senet.door.limits import AttemptLimit
from senet.door.values import Event
from senet.door.visitors import make_event, read_visitor
from senet.door.web_view import HEADERS as VIEW_HEADERS
from senet.door.web_view import WebViews
from senet.people.consent import LEVELS
from senet.shared.clock import utc_now
from senet.shared.tokens import LinkToken, find_link, sign_link

log = structlog.get_logger(__name__)

InThread = Callable[..., Awaitable[Any]]  # runs a function of any type in a thread
Keep = Callable[[Event], Awaitable[None]]
_MAX_BODY = 65_536
_MAX_FIELDS = 2_000
_ID = re.compile(r"[0-9]{1,18}")


class BodyTooLargeError(Exception):
    """A form that is larger than any of ours."""


def make_pages(in_thread: InThread, keep: Keep) -> Starlette:
    """Return the pages; `in_thread` runs what asks the database, `keep` makes an event durable."""
    pages = _Pages(in_thread, keep)
    return Starlette(
        routes=[
            *Files(in_thread).routes(),
            Route("/v/{token}", pages.web_view, methods=["GET"]),
            Route("/u/{token}", pages.unsubscribe, methods=["GET", "POST"]),
            Route("/c/{token}", pages.centre, methods=["GET", "POST"]),
            Route("/f/{token}", pages.forward, methods=["GET", "POST"]),
            Route("/confirm/{token}", pages.confirm, methods=["GET", "POST"]),
            Route("/healthz", pages.healthz, methods=["GET"]),
        ],
        exception_handlers={
            404: _not_found,
            405: _wrong_method,
            BodyTooLargeError: _too_large,
            DatabaseError: _try_again,
            InterfaceError: _try_again,
            Exception: _broken,
        },
    )


class _Pages:
    def __init__(self, in_thread: InThread, keep: Keep) -> None:
        self._in_thread = in_thread
        self._keep = keep
        self._views = WebViews()
        # By message, not by address: mailbox providers post for all their users from a few addresses.
        self._posts = AttemptLimit(attempts=60, seconds=60)
        self._forwards = AttemptLimit(attempts=120, seconds=3_600)  # by address: a person, or an office

    async def unsubscribe(self, request: Request) -> Response:
        """GET asks; POST does it, by the page's button or by a mail program (RFC 8058)."""
        token = _find_token(request, "unsubscribe")
        if token is None:
            return _say(request, "not_found", 404)
        if request.method != "POST":
            return await self._ask_unsubscribe(request, token)
        if not self._posts.allows(str(token.message_id)):
            return _say(request, "too_many", 429)
        form = await _read_form(request)
        if ("List-Unsubscribe", "One-Click") not in form:
            return await self._ask_unsubscribe(request, token)
        visitor = read_visitor(_user_agent(request))
        if not await self._in_thread(choices.unsubscribe, token.message_id, visitor, utc_now()):
            return await self._without_choices(request, token)
        address = await self._in_thread(choices.find_masked_address, token.message_id)
        language = await self._find_language(request, token)
        return _page(html.unsubscribed_page(address, f"/c/{sign_link(token, purpose='centre')}", language))

    async def _find_language(self, request: Request, token: LinkToken) -> str:
        """Return the recipient's language, else the browser's: the nearest in which there are pages."""
        own = await self._in_thread(choices.find_own_language, token.message_id)
        return find_language(own, *_accepted(request)) if own else _browser_language(request)

    async def _ask_unsubscribe(self, request: Request, token: LinkToken) -> Response:
        lists = await self._in_thread(choices.find_targeted_lists, token.message_id)
        if lists is None:
            return await self._without_choices(request, token)
        address = await self._in_thread(choices.find_masked_address, token.message_id)
        language = await self._find_language(request, token)
        return _page(html.unsubscribe_page(address, [name for _, name in lists], language))

    async def centre(self, request: Request) -> Response:
        """GET shows the choices; POST saves them and shows what they are now."""
        token = _find_token(request, "centre")
        if token is None:
            return _say(request, "not_found", 404)
        if request.method != "POST":
            found = await self._in_thread(choices.find_choices, token.message_id, utc_now())
            if found is None:
                return await self._without_choices(request, token)
            return _page(html.centre_page(found, found.language or _browser_language(request)))
        if not self._posts.allows(str(token.message_id)):
            return _say(request, "too_many", 429)
        form = await _read_form(request)
        saved = await self._in_thread(_save, token.message_id, form, _user_agent(request))
        if saved is None:
            return await self._without_choices(request, token)
        return _page(html.centre_page(saved, saved.language or _browser_language(request), saved=True))

    async def web_view(self, request: Request) -> Response:
        """Show a message as a page; its own link in the mail counts as a click, as every other one does."""
        token = _find_token(request, "view")
        page = None if token is None else await self._in_thread(self._views.find, token, utc_now())
        if token is None or page is None:
            return _say(request, "link_dead", 404)
        if token.link and request.method == "GET":
            peer = request.client.host if request.client else ""
            await self._keep(make_event("EmailClicked", token, token.link, request.headers.raw, peer))
        response = Response(page)
        response.raw_headers = [*VIEW_HEADERS, (b"content-length", str(len(page)).encode())]
        return response

    async def forward(self, request: Request) -> Response:
        """GET asks for addresses; POST takes them."""
        token = _find_token(request, "forward")
        if token is None:
            return _say(request, "not_found", 404)
        if request.method != "POST":
            return await self._ask_forward(request, token)
        address = request.client.host if request.client else ""
        if not (self._posts.allows(str(token.message_id)) and self._forwards.allows(address)):
            return _say(request, "too_many", 429)
        form = await _read_form(request)
        friends = [value for name, value in form if name == "address"]
        visitor = read_visitor(_user_agent(request))
        done = await self._in_thread(forwards.forward, token.message_id, friends, visitor, utc_now())
        if done is None:
            return await self._without_choices(request, token, 404)
        language = await self._find_language(request, token)
        if done.taken:
            return _page(html.forwarded_page(done.taken, done.refused, language))
        return _page(html.forward_page(forwards.FIELDS, language, refused=done.refused), 422 if done.refused else 200)

    async def _ask_forward(self, request: Request, token: LinkToken) -> Response:
        if not await self._in_thread(forwards.may_forward, token.message_id, utc_now()):
            return await self._without_choices(request, token, 404)
        return _page(html.forward_page(forwards.FIELDS, await self._find_language(request, token)))

    async def _without_choices(self, request: Request, token: LinkToken, status: int = 200) -> Response:
        """Answer a link of a message that has nobody's choices behind it: one that was sent on, or one that is gone."""
        if await self._in_thread(forwards.is_copy, token.message_id):
            return _say(request, "sent_on", status)
        return _say(request, "link_dead", 404)

    async def confirm(self, request: Request) -> Response:
        """GET asks; POST by the page's button confirms, or has the mail sent again when it is too late."""
        token = _find_token(request, "confirm")
        if token is None:
            return _say(request, "not_found", 404)
        form = await _read_form(request) if request.method == "POST" else []
        act = confirming.find_act(form)
        language = await self._find_language(request, token)
        if act is None:
            return _answer(await self._in_thread(confirming.ask, token, language, utc_now()))
        if not self._posts.allows(str(token.message_id)):
            return _say(request, "too_many", 429)
        visitor = read_visitor(_user_agent(request))
        return _answer(await self._in_thread(act, token, language, visitor, utc_now()))

    async def healthz(self, _request: Request) -> Response:
        """Say whether the door works, and whether PostgreSQL answers it."""
        try:
            await self._in_thread(_ask_postgres)
        except (DatabaseError, InterfaceError) as error:
            sentence = next(iter(str(error).splitlines()), "")
            return JSONResponse({"status": "failing", "postgres": sentence}, 503)
        return JSONResponse({"status": "ok", "postgres": "ok"})


def _save(message_id: int, form: Sequence[tuple[str, str]], user_agent: bytes) -> choices.Choices | None:
    return choices.save_choices(
        message_id,
        choices.Form(
            shown=_ids(form, "shown"),
            wanted=_ids(form, "list"),
            refuses_bulk=("do_not_bulk_email", "1") in form,
            consent_level=_chosen_level(form),
            language=_chosen_language(form),
        ),
        visitor=read_visitor(user_agent),
        now=utc_now(),
    )


def _chosen_level(form: Sequence[tuple[str, str]]) -> int | None:
    """Return the consent level that was chosen instead of the one that the form showed."""
    chosen, shown = _ids(form, "consent_level"), _ids(form, "consent_shown")
    return chosen[0] if chosen and chosen[0] in LEVELS and chosen[:1] != shown[:1] else None


def _chosen_language(form: Sequence[tuple[str, str]]) -> str | None:
    """Return the language that was chosen instead of the one that the form showed."""
    said = dict(form)
    chosen = said.get("language")
    return chosen if chosen != said.get("language_shown") else None


def _ids(form: Sequence[tuple[str, str]], name: str) -> list[int]:
    return [int(value) for key, value in form if key == name and _ID.fullmatch(value)]


def _find_token(request: Request, purpose: str) -> LinkToken | None:
    token = find_link(request.path_params["token"], purpose=purpose)
    return token if token is not None and token.message_id else None


async def _read_form(request: Request) -> list[tuple[str, str]]:
    """Return the fields of a urlencoded or multipart body; anything else has none. Raises: BodyTooLargeError."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise BodyTooLargeError
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        # RFC 8058 allows it; the one field that matters is recognised as it stands.
        return [("List-Unsubscribe", "One-Click")] if _is_one_click(body) else []
    try:
        return parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise BodyTooLargeError from error


def _is_one_click(body: bytes) -> bool:
    head, _, rest = body.partition(b'name="List-Unsubscribe"')
    return bool(head) and rest.lstrip(b"\r\n").startswith(b"One-Click")


def _user_agent(request: Request) -> bytes:
    return request.headers.get("user-agent", "").encode("latin-1", "replace")[:4_096]


def _ask_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _page(body: bytes, status: int = 200) -> Response:
    response = Response(body, status)
    response.raw_headers = [*html.HEADERS, (b"content-length", str(len(body)).encode())]
    return response


def _say(request: Request, name: str, status: int) -> Response:
    """Return a page that only says something, to somebody of whom the browser's language is known."""
    return _page(html.message_page(name, _browser_language(request)), status)


def _accepted(request: Request) -> list[str]:
    return read_accepted(request.headers.get("accept-language", ""))


def _browser_language(request: Request) -> str:
    return find_language(*_accepted(request))


def _answer(answer: confirming.Answer) -> Response:
    if answer.location:
        headers = {"location": answer.location, "cache-control": "no-store, private", "referrer-policy": "no-referrer"}
        return Response(status_code=303, headers=headers)
    response = _page(answer.body, answer.status)
    if answer.leads_to:
        response.headers["content-security-policy"] = html.make_policy(answer.leads_to)
    return response


async def _not_found(request: Request, _error: Exception) -> Response:
    return _say(request, "not_found", 404)


async def _wrong_method(_request: Request, _error: Exception) -> Response:
    return _page(html.WRONG_METHOD, 405)


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _page(html.TOO_LARGE, 413)


async def _try_again(request: Request, error: Exception) -> Response:
    log.warning("database_unavailable", error=next(iter(str(error).splitlines()), ""))
    return _say(request, "try_again", 503)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("page_failed", exc_info=error)
    return _say(request, "try_again", 500)
