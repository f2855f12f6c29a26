"""Sends through a provider's API: some requests at once, each in a thread with a session of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import structlog
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMultiAlternatives

from senet.delivery.esp.answers import is_its_fault, never_arrived, read_code
from senet.delivery.esp.registry import make_backend
from senet.delivery.esp.values import EspSettings
from senet.delivery.returns.paths import write_return_path
from senet.delivery.returns.values import clean_text
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

log = structlog.get_logger(__name__)

METADATA = "senet"
_CARRIED = ("Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted")
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0


class EspClient:
    """The port `MailClient` over a provider's API."""

    def __init__(self, settings: EspSettings, *, make: Callable[[EspSettings], Any] = make_backend) -> None:
        self.trouble = ""
        self._settings = settings
        self._make = make
        self._pool = ThreadPoolExecutor(settings.connections, thread_name_prefix=settings.kind)
        self._local = threading.local()
        self._held: dict[int, Outgoing] = {}
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._failures = 0
        self._paused_until = 0.0

    @property
    def free(self) -> int:
        """How many messages it takes just now."""
        return 0 if self.pause_seconds > 0 else max(0, 2 * self._settings.connections - len(self._held))

    @property
    def busy(self) -> int:
        """How many messages it holds."""
        return len(self._held)

    @property
    def pause_seconds(self) -> float:
        """How long it will not try again."""
        return max(0.0, self._paused_until - time.monotonic())

    def submit(self, message: Outgoing) -> None:
        """Take a message."""
        self._held[message.id] = message
        self._pool.submit(self._work, message)

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:
        """Wait for news no longer than that, and return what has become of messages."""
        found: list[Outcome] = []
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                rest = 0.0 if found else max(0.0, deadline - time.monotonic())
                outcome = self._outcomes.get(timeout=rest) if rest > 0 else self._outcomes.get_nowait()
            except queue.Empty:
                return found
            if outcome is None:  # somebody wakes us
                return found
            self._held.pop(outcome.id, None)
            self._note(outcome)
            found.append(outcome)

    def wake(self) -> None:
        """End a `poll` that waits."""
        self._outcomes.put(None)

    def close(self) -> Sequence[Outcome]:
        """Let requests that are under way end; messages that wait come back as unsent."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        found = list(self.poll(0))
        found += [Outcome(number, Verdict.UNSENT, Stage.CONNECT, text="It was not asked.") for number in self._held]
        self._held.clear()
        return found

    def _note(self, outcome: Outcome) -> None:
        """Pause after a failure of the provider, each time for longer."""
        if outcome.verdict in {Verdict.UNSENT, Verdict.UNKNOWN}:
            self._failures += 1
            pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(self._failures - 1, 10), _LONGEST_PAUSE_SECONDS)
            self._paused_until, self.trouble = time.monotonic() + pause, outcome.text
        else:
            self._failures, self._paused_until, self.trouble = 0, 0.0, ""

    # -- in a thread of the pool -----------------------------------------------------------------------------------

    def _work(self, message: Outgoing) -> None:
        try:
            outcome = self._send(message)
        except Exception as error:  # it must not be lost, whatever happens
            log.exception("esp_failed", provider=self._settings.name, message_id=message.id)
            outcome = Outcome(message.id, Verdict.UNKNOWN, Stage.DATA, text=type(error).__name__)
        self._outcomes.put(outcome)

    def _send(self, message: Outgoing) -> Outcome:
        mail = make_mail(message, return_path=self._settings.return_path)
        try:
            self._session().send_messages([mail])
        except AnymailRecipientsRefused:
            return _read_status(message, mail)
        except AnymailAPIError as error:
            return _read_failure(message, error)
        except AnymailError as error:  # what this provider cannot send at all
            return Outcome(message.id, Verdict.REFUSED, Stage.DATA, 554, "5.6.0", clean_text(str(error)))
        return _read_status(message, mail)

    def _session(self) -> Any:  # Anymail has no types
        if not hasattr(self._local, "backend"):
            self._local.backend = self._make(self._settings)
            self._local.backend.open()
        return self._local.backend


def make_mail(message: Outgoing, *, return_path: bool = False) -> Any:  # Django's class with Anymail's attributes
    """Return a rendered message as Anymail takes it. The provider signs, and tracks nothing: our links do."""
    read = message_from_bytes(message.content, _class=EmailMessage, policy=policy.default)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    headers = {name: str(read[name]) for name in _CARRIED if read[name] is not None}
    mail: Any = EmailMultiAlternatives(
        subject=str(read["Subject"]),
        body=text.get_content() if text is not None else "",
        from_email=str(read["From"]),
        to=[message.to_address],
        reply_to=[str(read["Reply-To"])] if read["Reply-To"] is not None else None,
        headers=headers,
    )
    if html is not None:
        mail.attach_alternative(html.get_content(), "text/html")
    mail.metadata = {METADATA: write_return_path(message.id, "message").partition("@")[0]}
    if return_path:
        mail.envelope_sender = message.from_address
    mail.track_opens = mail.track_clicks = False
    return mail


def _read_status(message: Outgoing, mail: Any) -> Outcome:  # Anymail's status
    status = next((one.status for one in mail.anymail_status.recipients.values()), None)
    if status == "invalid":
        return Outcome(message.id, Verdict.REFUSED, Stage.RCPT, 550, "5.1.3", "The provider calls the address invalid.")
    if status in {"rejected", "failed"}:
        text = "The provider refuses to send to this address."
        return Outcome(message.id, Verdict.REFUSED, Stage.DATA, 554, "5.7.1", text)
    return Outcome(message.id, Verdict.HANDED_OVER)


def _read_failure(message: Outgoing, error: Any) -> Outcome:  # Anymail's error
    code = read_code(error)
    text = clean_text(f"{code or ''} {error}")
    if code is None:
        verdict = Verdict.UNSENT if never_arrived(error) else Verdict.UNKNOWN
        return Outcome(message.id, verdict, Stage.CONNECT, text=text)
    if not is_its_fault(error, code):
        return Outcome(message.id, Verdict.UNSENT, Stage.CONNECT, text=text)
    return Outcome(message.id, Verdict.REFUSED, Stage.DATA, 554, "5.6.0", text)
