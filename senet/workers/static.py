"""The built user interface: files with hashed names for a year, `index.html` for every address of the application."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

_NOT_BUILT = (
    "<!doctype html><title>Senet</title>"
    "<p>The user interface is not built. Run <code>make setup</code> and start again.</p>"
)


class UserInterface(StaticFiles):
    """Serves a folder; an address without a file is a page of the application, unless it looks like a file."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._find(path, scope)
        if response.status_code == 404 and "." not in Path(path).name and not path.startswith("assets/"):
            response = await self._find("index.html", scope)
        lasting = path.startswith("assets/") and response.status_code in {200, 304}
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response

    async def _find(self, path: str, scope: Scope) -> Response:
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            return PlainTextResponse(f"{error.detail}.\n", status_code=error.status_code)


async def _not_built(scope: Scope, receive: object, send: object) -> None:
    await HTMLResponse(_NOT_BUILT, status_code=503)(scope, receive, send)  # type: ignore[arg-type]  # ASGI's callables


def make_user_interface(folder: Path) -> ASGIApp:
    """Return the application that serves the built files, or a page that says they are missing."""
    if not (folder / "index.html").is_file():
        return _not_built
    return GZipMiddleware(UserInterface(directory=folder, html=True), minimum_size=1000)
