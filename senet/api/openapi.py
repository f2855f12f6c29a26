"""The API's description as a file: the same text for the same API, so that a changed line is a changed promise."""

from __future__ import annotations

import json

from senet.api.api import api

PREFIX = "/api/v1/"


def export() -> str:
    """Return the OpenAPI document as JSON with sorted keys."""
    schema = api.get_openapi_schema(path_prefix=PREFIX)
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
