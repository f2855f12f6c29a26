"""What can go wrong between us and a mail server."""

from __future__ import annotations

from senet.shared.errors import InvalidInput, SenetError


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
