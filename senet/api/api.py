"""The API: every room's router, one way in, one error envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from senet.accounts.api import router as accounts
from senet.api import envelope
from senet.api.guard import READS, GuardedKey, GuardedSession
from senet.audiences.api import router as audiences
from senet.confirmations.api import router as confirmations
from senet.content.api import router as content
from senet.delivery.api import router as delivery
from senet.door.api import router as door
from senet.insights.api import router as insights
from senet.integrations.api import router as integrations
from senet.journeys.api import router as journeys
from senet.messages.api import router as messages
from senet.people.api import router as people
from senet.rehearsals.api import router as rehearsals


class ObjectParser(Parser):
    """Reads a body that is one JSON object without NaN or Infinity; ninja answers anything else with 400."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:  # JSON
        body = json.loads(request.body, parse_constant=_refuse)
        if not isinstance(body, dict):
            raise TypeError
        return body


def _refuse(_name: str) -> None:
    raise ValueError


class SenetApi(NinjaAPI):
    """NinjaAPI whose operations are named after their functions, so that generated clients read well."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:  # ninja's own keywords
        schema = super().get_openapi_schema(**options)
        envelope.describe(schema)
        return schema


def in_transaction(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a request that may change something one transaction; an error takes all of it back."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:  # the view's own parameters
        if request.method in READS or getattr(view, "commits_by_itself", False):
            return view(request, *args, **values)
        with transaction.atomic():
            return view(request, *args, **values)

    return run


api = SenetApi(
    title="Senet",
    version="1",
    description="Marketing automation: people, audiences, content, journeys, insights.",
    auth=[GuardedKey(), GuardedSession()],
    urls_namespace="api",
    docs_url=None,
    parser=ObjectParser(),
)
api.add_decorator(in_transaction)
envelope.register(api)
for _room in (
    accounts,
    people,
    audiences,
    content,
    messages,
    confirmations,
    delivery,
    door,
    integrations,
    journeys,
    rehearsals,
    insights,
):
    api.add_router("", _room)
