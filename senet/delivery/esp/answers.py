"""Reads a provider's failure: whether the message is to blame, or our account, our haste or the provider itself."""

from __future__ import annotations

from typing import Any

from senet.delivery.esp.values import as_mapping, as_text

_NOT_ITS_FAULT = frozenset({401, 402, 403, 404, 429})  # our key, our account, our haste
_OUR_ACCOUNT = frozenset(  # what Amazon answers with 400 although no message is to blame
    {
        "AccountSuspendedException",
        "LimitExceededException",
        "MailFromDomainNotVerifiedException",
        "SendingPausedException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_ITS_FAULT = frozenset({"ValidationError"})  # what Mandrill answers with 500 although this message is to blame


def read_code(error: Any) -> int | None:  # Anymail's error
    """Return the HTTP status of a failure, or None when there was no answer."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # Amazon's library has read it already
        code = as_mapping(response.get("ResponseMetadata")).get("HTTPStatusCode")
    else:
        code = getattr(response, "status_code", None) or getattr(error, "status_code", None)
    return code if isinstance(code, int) else None


def is_its_fault(error: Any, code: int) -> bool:  # Anymail's error
    """Say whether the message is to blame: another one may well be taken."""
    name = _read_name(error)
    if name in _ITS_FAULT:
        return True
    return code not in _NOT_ITS_FAULT and code < 500 and name not in _OUR_ACCOUNT


def never_arrived(error: Any) -> bool:  # Anymail's error
    """Say whether a request without an answer cannot have reached the provider."""
    kinds = (*type(error).__mro__, *type(error.__cause__).__mro__)
    return "ConnectionError" in {kind.__name__ for kind in kinds}


def _read_name(error: Any) -> str:  # Anymail's error
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return as_text(as_mapping(response.get("Error")).get("Code"))
    try:
        return as_text(as_mapping(response.json()).get("name")) if response is not None else ""
    except ValueError:
        return ""
