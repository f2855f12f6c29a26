"""Renders a compiled email for one person: ready CRLF MIME bytes.

In: `CompiledEmail` (from `email_version.compiled`, in any process), the person's values, the content settings of
the moment. Out: `RenderedMessage`, or a `RenderError` that blocks this one message. A `Renderer` is made once a
version and process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import cast

from liquid.exceptions import LiquidError, LiquidInterrupt

from senet.content.encoded import EncodedBody, Slots, encode_body
from senet.content.errors import RenderError
from senet.content.headers import HeaderWriter
from senet.content.html import unescape_attribute
from senet.content.language.budget import MAX_OUTPUT, RenderState
from senet.content.language.environment import html_environment, text_environment
from senet.content.language.program import Piece, compile_template, write_text
from senet.content.urls import clean_url
from senet.content.values import (
    REPEAT_STEP,
    CompiledEmail,
    ContentType,
    Link,
    LinkKind,
    MessageToRender,
    RenderedMessage,
)
from senet.shared.tokens import LinkSigner, sign_text

OPEN, MESSAGE_ID, ONE_CLICK, UNSUBSCRIBE, CENTRE, WEB_VIEW, FIRST_LINK = range(7)  # where a message's tokens are
_MAX_NUMBER = 32_767
_AT_THE_DOOR = frozenset(
    kind.value
    for kind in (
        LinkKind.SUBSCRIPTION_CENTER,
        LinkKind.UNSUBSCRIBE,
        LinkKind.WEB_VIEW,
        LinkKind.FORWARD,
        LinkKind.CONFIRMATION,
    )
)
_NOTHING: Mapping[str, object] = {}
_TEMPLATE_FAULTS = (LiquidError, LiquidInterrupt, ArithmeticError, ValueError, TypeError, LookupError, AttributeError)


class MessageState(RenderState):
    """What one message's parts share: besides the values, its tokens and the targets that only it has."""

    __slots__ = ("message", "renderer", "targets", "tracked")

    def __init__(
        self, scope: Mapping[str, object], message: MessageToRender, renderer: Renderer, tokens: Sequence[bytes]
    ) -> None:
        super().__init__(scope, message.at, renderer.compiled.language)
        self.message = message
        self.renderer = renderer
        self.tokens = tokens
        self.tracked = message.tracking_allowed
        self.targets: dict[tuple[int, str], int] = {}

    def write_link(self, number: int, own: str, *, html: bool) -> str:
        """Return the redirect that leads to a link's target, or the target itself where nobody may be tracked.

        Raises: RenderError when the target is no web address.
        """
        link = self.renderer.links[number]
        if link.kind in _AT_THE_DOOR:
            return own.strip()
        if not link.dynamic:
            return self.renderer.redirect(self.tokens[FIRST_LINK + number - 1]) if self.tracked else own
        target = clean_url(unescape_attribute(own) if html else own)
        if target is None:
            raise RenderError(
                "EmailBlockedOtherReason", f"Link {number} ({link.label or link.url}) has no web address."
            )
        if link.kind == LinkKind.UNTRACKED or not self.tracked or self.message.web_view:
            return own
        return self.renderer.redirect(self._token_of(number, target))

    def _token_of(self, number: int, target: str) -> bytes:
        found = self.targets.get((number, target))
        if found is None:
            found = number + REPEAT_STEP * sum(1 for declared, _ in self.targets if declared == number)
            if found > _MAX_NUMBER:
                raise RenderError("EmailBlockedOtherReason", f"Link {number} has too many different addresses.")
            self.targets[(number, target)] = found
        if found == number:
            return self.tokens[FIRST_LINK + number - 1]
        return LinkSigner(self.message.email_version_id, [("redirect", found)]).sign(self.message.message_id)[0]

    def sign_qr(self, text: str) -> str:
        """Return the address at the door of a picture that says `text` as a QR code."""
        return f"{self.renderer.door}/q/{sign_text(text, purpose='qr')}.png"

    def write_beacon(self) -> str:
        """Return the beacon's HTML for those who may be tracked."""
        if self.message.web_view or not self.tracked:
            return ""
        token = self.tokens[OPEN].decode()
        return "".join(f"{before}{token}{behind}" for before, behind in self.renderer.traces)


class Renderer:
    """Writes one email version for any number of people. Not for several threads at once."""

    def __init__(self, compiled: CompiledEmail, door_url: str) -> None:
        door = door_url.rstrip("/")
        self.compiled = compiled
        self.links: dict[int, Link] = {link.number: link for link in compiled.links}
        self.commercial = compiled.legal_designation == "commercial"
        self._redirect = f"{door}/r/"
        self._asks = compiled.content_type == ContentType.CONFIRMATION_REQUEST
        self._records = tuple(need for need in compiled.needs if need[0] == "records")
        self._tells_event = compiled.event_id is not None and ("event",) in compiled.needs
        self._forwards = any(link.kind == LinkKind.FORWARD for link in compiled.links)
        self.traces = (  # around the token: the link that no reader sees, and the beacon
            (f'<a href="{door}/h/', '" tabindex="-1" aria-hidden="true" style="display:none"></a>'),
            (
                f'<img src="{door}/o/',
                '" width="1" height="1" alt="" border="0" style="display:block;width:1px;height:1px;border:0">',
            ),
        )
        self.door = door
        self._html = compile_template(compiled.html, html_environment())
        self._text = compile_template(compiled.text, text_environment())
        self._bodies = {tracked: self._encode(tracked=tracked) for tracked in (True, False)}
        self._headers = HeaderWriter(compiled, door)
        self._signers: dict[tuple[int, bool], LinkSigner] = {}

    def render(
        self,
        message: MessageToRender,
        contact: Mapping[str, object],
        content_settings: Mapping[str, object],
        shared: Mapping[str, object] = _NOTHING,
    ) -> RenderedMessage:
        """Return the ready message of one person; `shared` are roots that all messages of the email have.

        Raises: RenderError with the reason that blocks this message.
        """
        state = self.start(message, contact, content_settings, shared)
        try:
            headers = self._headers.write(state)
            text_body, html_body = self._bodies[state.tracked]
            content = b"".join(
                (
                    headers.content,
                    text_body.write(state, state.tokens),
                    self._headers.between,
                    html_body.write(state, state.tokens),
                    self._headers.end,
                )
            )
        except (*_TEMPLATE_FAULTS, RecursionError) as error:
            raise _as_render_error(error) from error
        finally:
            state.contexts.clear()  # they refer to the state: without the circle it is freed at once
        if len(content) > MAX_OUTPUT:
            raise RenderError("EmailBlockedOtherReason", "The message is larger than 1 MB.")
        targets = tuple((number, url) for (_, url), number in state.targets.items())
        return RenderedMessage(content, headers.from_address, headers.to_address, targets)

    def render_parts(
        self,
        message: MessageToRender,
        contact: Mapping[str, object],
        content_settings: Mapping[str, object],
        shared: Mapping[str, object] = _NOTHING,
    ) -> tuple[str, str, str, str]:
        """Return subject, sender, HTML and text as plain texts, for previews.

        Raises: RenderError.
        """
        state = self.start(message, contact, content_settings, shared)
        try:
            subject, sender = self._headers.write_texts(state)
            html = write_text(self._html, state, html=True)
            return subject, sender, html, write_text(self._text, state, html=False)
        except (*_TEMPLATE_FAULTS, RecursionError) as error:
            raise _as_render_error(error) from error

    def start(
        self,
        message: MessageToRender,
        contact: Mapping[str, object],
        content_settings: Mapping[str, object],
        shared: Mapping[str, object] = _NOTHING,
    ) -> MessageState:
        """Return the state in which this message's parts are written.

        Raises: RenderError when a record that the email speaks of is gone; on the page of a sent one it is left out.
        """
        if (self._records or self._tells_event) and not message.web_view:
            self._miss_records(shared)
        tokens = self._signer(message).sign(message.message_id)
        company = contact.get("company") or {}
        centre = f"{self.door}/c/{tokens[CENTRE].decode()}"
        settings = {**content_settings, "subscription_center": content_settings.get("subscription_center") or centre}
        scope = {
            "contact": contact,
            "company": company,
            "account": company,
            "owner": contact.get("owner") or {},
            "content_settings": settings,
            "contentsettings": settings,
            "message": {
                "subscription_center_url": settings["subscription_center"],
                "unsubscribe_url": f"{self.door}/u/{tokens[UNSUBSCRIBE].decode()}",
                "web_view_url": f"{self.door}/v/{tokens[WEB_VIEW].decode()}",
                "forward_url": self._write_own("f", "forward", message) if self._forwards else "",
                **(self._tell_confirmation(message) if self._asks else _NOTHING),
            },
            "event": _NOTHING,
            "records": _NOTHING,
            "now": message.at,
            "today": message.at,
            **shared,
        }
        return MessageState(scope, message, self, tokens)

    def _miss_records(self, shared: Mapping[str, object]) -> None:
        if self._tells_event and not shared.get("event"):
            raise RenderError("EmailBlockedMissingRelatedData", f"The calendar event {self.compiled.event_id} is gone.")
        records = cast("Mapping[str, Mapping[object, object]]", shared.get("records") or {})
        for _, kind, key in self._records:
            if key not in records.get(str(kind), {}):
                raise RenderError("EmailBlockedMissingRelatedData", f"The {kind} {key} is gone.")

    def _write_own(self, path: str, purpose: str, message: MessageToRender) -> str:
        """Return the address of a page at the door that few mails have: its token is signed when it is asked for."""
        token = LinkSigner(message.email_version_id, [(purpose, 0)]).sign(message.message_id)[0]
        return f"{self.door}/{path}/{token.decode()}"

    def _tell_confirmation(self, message: MessageToRender) -> Mapping[str, object]:
        """Return what a confirmation request says of itself.

        Raises: RenderError when nobody has asked for anything: such a mail would be a riddle to its reader.
        """
        if message.confirmation is None:
            raise RenderError(
                "EmailBlockedOtherReason", "A confirmation request goes only to somebody who has something to confirm."
            )
        told = asdict(message.confirmation)
        return {
            **{f"confirmation_{name}": value for name, value in told.items()},
            "confirmation_url": self._write_own("confirm", "confirm", message),
        }

    def redirect(self, token: bytes) -> str:
        """Return the address at the door that stands for a link."""
        return self._redirect + token.decode()

    def _signer(self, message: MessageToRender) -> LinkSigner:
        key = (message.email_version_id, message.tracking_allowed)
        signer = self._signers.get(key)
        if signer is None:
            signer = self._signers[key] = LinkSigner(message.email_version_id, self._purposes(tracked=key[1]))
        return signer

    def _purposes(self, *, tracked: bool) -> list[tuple[str, int]]:
        """Return what each token is for; centre and unsubscribe links carry their number where it may be logged."""
        numbers = {link.kind: link.number for link in reversed(self.compiled.links)} if tracked else {}
        fixed = [
            ("open", 0),
            ("message-id", 0),
            ("unsubscribe", 0),
            ("unsubscribe", numbers.get(LinkKind.UNSUBSCRIBE, 0)),
            ("centre", numbers.get(LinkKind.SUBSCRIPTION_CENTER, 0)),
            ("view", numbers.get(LinkKind.WEB_VIEW, 0)),
        ]
        return fixed + [("redirect", link.number) for link in self.compiled.links] if tracked else fixed

    def _encode(self, *, tracked: bool) -> tuple[EncodedBody, EncodedBody]:
        """Return the text and the HTML body."""
        static = frozenset(
            link.number for link in self.compiled.links if link.kind == LinkKind.URL and not link.dynamic
        )

        hidden, beacon = ((before, OPEN, behind) for before, behind in self.traces)

        def encode(pieces: Sequence[Piece], *, html: bool) -> EncodedBody:
            if not tracked:
                return encode_body(pieces, Slots(html, untracked=static))
            redirects = {number: FIRST_LINK + number - 1 for number in static}
            return encode_body(pieces, Slots(html, self._redirect, redirects, beacon=beacon, hidden=hidden))

        return encode(self._text, html=False), encode(self._html, html=True)


def _as_render_error(error: BaseException) -> RenderError:
    if isinstance(error, LiquidError | LiquidInterrupt):
        detail = str(error.args[0]) if error.args else type(error).__name__
        return RenderError("EmailBlockedOtherReason", f"The template failed for this person: {detail}.")
    return RenderError("EmailBlockedOtherReason", f"The template failed for this person ({type(error).__name__}).")
