"""A body of any size is refused with a sentence before it fills anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from pytest_django import Settings
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from senet.workers.limits import limit_body

PIECE = b"x" * 1_000_000


async def count(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Django: reads the whole body, and says nothing to somebody who has gone."""
    try:
        size = len(await Request(scope, receive).body())
    except ClientDisconnect:
        return
    await PlainTextResponse(str(size))(scope, receive, send)


def post(path: str, megabytes: int, *, in_pieces: bool) -> httpx.Response:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(megabytes):
            yield PIECE

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(limit_body(count))
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.post(path, content=pieces() if in_pieces else PIECE * megabytes)

    return asyncio.run(ask())


@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize(("path", "most"), [("/api/v1/auth/login", 8), ("/api/v1/imports", 12)])
def test_a_body_beyond_the_limit_is_refused_however_it_comes(
    path: str, most: int, in_pieces: bool, settings: Settings
) -> None:
    settings.UPLOAD_BYTES = 12_000_000

    small, large = post(path, most, in_pieces=in_pieces), post(path, most + 1, in_pieces=in_pieces)

    assert (small.status_code, small.text) == (200, str(most * 1_000_000))
    assert (large.status_code, large.json()["error"]["code"]) == (413, "too_large")
    assert f"at most {most} MB" in large.json()["error"]["message"]
