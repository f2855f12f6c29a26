"""One shape for every error: `{"error": {code, message, problems, fields}}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db.utils import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import JsonValue

from senet.accounts.errors import NotSignedIn
from senet.shared.errors import NotFound, Problem, SenetError
from senet.shared.schemas import ProblemOut

log = structlog.get_logger(__name__)

_FIELD_SOURCES = {"body", "query", "path", "form", "file", "header", "cookie"}


def make_envelope(
    code: str, message: str, *, problems: Sequence[Problem] = (), fields: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return an error as every endpoint sends it."""
    return {
        "error": {
            "code": code,
            "message": message,
            "problems": [asdict(problem) for problem in problems],
            "fields": dict(fields or {}),
        }
    }


def _answer(status: int, body: dict[str, object]) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"default": str})


def answer_error(error: SenetError) -> HttpResponse:
    """Return the response to one of our own errors."""
    body = make_envelope(error.code, error.message, problems=error.problems, fields=error.fields)
    response = _answer(error.status, body)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if "retry_after_seconds" in error.fields:
        response["Retry-After"] = str(error.fields["retry_after_seconds"])
    return response


def _answer_invalid(error: ValidationError) -> HttpResponse:
    problems, fields = [], {}
    for found in error.errors:
        path = [str(part) for part in found.get("loc", ()) if str(part) not in _FIELD_SOURCES]
        where = ".".join(path[1:] or path)
        message = str(found.get("msg", "")).removeprefix("Value error, ")
        problems.append(Problem(str(found.get("type", "invalid")), message, where))
        fields[where] = message
    message = f"{len(problems)} values cannot be used." if len(problems) > 1 else "One value cannot be used."
    return _answer(422, make_envelope("invalid_input", message, problems=problems, fields=fields))


def _answer_http(error: HttpError) -> HttpResponse:
    status = error.status_code
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    return _answer(status, make_envelope(code, f"{str(error.message).rstrip('.')}."))


def _answer_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("request_failed", method=request.method, path=request.path, error=type(error).__name__, exc_info=error)
    return _answer(500, make_envelope("internal_error", "Something broke here. It has been logged; try again later."))


def register(api: NinjaAPI) -> None:
    """Make an API answer every error with the envelope."""

    def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return _answer_any(request, error() if isinstance(error, type) else error)

    for kind in (SenetError, ValidationError, HttpError, Http404, Exception):
        api.add_exception_handler(kind, answer)


def _answer_any(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: PLR0911  one line a kind
    match error:
        case SenetError():
            return answer_error(error)
        case ValidationError():
            return _answer_invalid(error)
        case AuthenticationError():
            return answer_error(NotSignedIn())
        case HttpError():
            return _answer_http(error)
        case Http404():
            return answer_error(NotFound())
        case DataError() | UnicodeEncodeError():
            body = make_envelope("invalid_input", "A value is too big, or of a kind that no record can hold.")
            return _answer(422, body)
        case RequestDataTooBig():
            return _answer(413, make_envelope("too_large", "The request is too large."))
        case _:
            return _answer_bug(request, error)


class ErrorOut(Schema):
    """What went wrong, as a sentence and for programs."""

    code: str
    message: str
    problems: list[ProblemOut]
    fields: dict[str, JsonValue]


class EnvelopeOut(Schema):
    """Every error's shape."""

    error: ErrorOut


def describe(schema: dict[str, Any]) -> None:  # OpenAPI is JSON
    """Say in an OpenAPI document that each operation's errors come in the envelope."""
    described = EnvelopeOut.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    for name, part in described.pop("$defs").items():
        parts.setdefault(name, part)
    parts["EnvelopeOut"] = described
    reference = {"schema": {"$ref": "#/components/schemas/EnvelopeOut"}}
    answer = {"description": "An error", "content": {"application/json": reference}}
    for operations in schema["paths"].values():
        for operation in operations.values():
            responses = {str(status): response for status, response in operation["responses"].items()}
            operation["responses"] = responses | {"default": answer}


class ErrorEnvelope:
    """Middleware: what Django itself refuses under /api/ (no such address, method or host) gets the envelope too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_ours = str(response.get("Content-Type", "")).startswith("application/json")
        if response.status_code < 400 or is_ours or not request.path.startswith("/api/"):
            return response
        status = HTTPStatus(response.status_code)
        answer = _answer(status, make_envelope(status.phrase.lower().replace(" ", "_"), f"{status.description}."))
        for name in ("Allow", "Retry-After"):
            if name in response:
                answer[name] = response[name]
        return answer
