"""What can go wrong between us and a mail server."""

from __future__ import annotations

from senet.shared.errors import Conflict, InvalidInput, SenetError


class ProviderFailed(SenetError):
    """The mail server cannot be used now."""

    code = "provider_failed"
    status = 502


class ProtocolBroken(ProviderFailed):
    """The mail server said something that is not SMTP."""

    code = "smtp_protocol_broken"


class ProviderUrlInvalid(InvalidInput):
    """SENET_SMTP_URL cannot be read; write smtp://user:password@host:port?tls=starttls."""

    code = "provider_url_invalid"


class TooManyKept(Conflict):
    """So many returned mails wait to be looked at that no more are kept. Read and remove some."""

    code = "too_many_kept"


class ListenerUrlInvalid(InvalidInput):
    """SENET_BOUNCE_LISTEN cannot be read; write smtp://host:port or lmtp://host:port."""

    code = "listener_url_invalid"


class MailboxUrlInvalid(InvalidInput):
    """SENET_BOUNCE_IMAP cannot be read; write imaps://user:password@host:port/folder."""

    code = "mailbox_url_invalid"


class MailboxFailed(SenetError):
    """The mailbox of returned mails cannot be read now."""

    code = "mailbox_failed"
    status = 502


class WebhookPostponed(SenetError):
    """What proves a webhook cannot be fetched just now; the provider may come again."""

    code = "webhook_postponed"
    status = 503
