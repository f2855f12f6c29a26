"""The mailbox's pages and its JSON, for people and for tests.

A message's own HTML is shown in a frame of an opaque origin that runs no script; its links open in a new tab and its
images load, so that looking at a mail here counts as opening it, as it does anywhere.
"""

from __future__ import annotations

import secrets
from html import escape
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from senet.demo.store import MessageStore, ReadMessage, StoredMessage, read_message, read_subject

_PAGE = 50
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--accent:#2563eb}
@media(prefers-color-scheme:dark){:root{--accent:#93b4ff}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem 1.5rem}
header{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;justify-content:space-between;margin-bottom:1rem}
h1{font-size:1.3rem;margin:0}a{color:var(--accent)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tbody tr:hover{background:var(--soft)}td.n,th.n{text-align:right;white-space:nowrap}
input,button{font:inherit;padding:.3rem .6rem;border:1px solid var(--line);border-radius:.4rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:1rem;border-radius:.4rem}
iframe{width:100%;height:70vh;border:1px solid var(--line);border-radius:.4rem;background:#fff}
nav a{margin-right:1rem}nav a[aria-current]{font-weight:600;text-decoration:none}.empty{padding:3rem;text-align:center}
"""
_WATCH = """
const shown=%d,box=document.getElementById('new');
setInterval(async()=>{try{const c=await(await fetch('/api/counters')).json();
if(c.taken>shown)box.textContent=(c.taken-shown)+' new: show';}catch{}},2000);
"""


def make_app(store: MessageStore) -> Starlette:
    """Return the mailbox's web application."""
    box = _Mailbox(store)
    return Starlette(
        routes=[
            Route("/", box.show_list),
            Route("/messages/{number:int}", box.show_message),
            Route("/messages/{number:int}/html", box.show_html),
            Route("/api/counters", box.give_counters),
            Route("/api/messages", box.give_list),
            Route("/api/messages/{number:int}", box.give_message),
            Route("/api/messages/{number:int}/raw", box.give_raw),
            Route("/favicon.ico", lambda _: Response(status_code=204)),
        ]
    )


class _Mailbox:
    def __init__(self, store: MessageStore) -> None:
        self.store = store

    # -- pages -----------------------------------------------------------------------------------------------------

    def show_list(self, request: Request) -> Response:
        search, before = request.query_params.get("search", "")[:200], _number(request, "before", 0)
        found = self.store.list_newest(before=before, search=search, limit=_PAGE + 1)
        rows = "".join(_row(message) for message in found[:_PAGE])
        older = ""
        if len(found) > _PAGE:
            address = f"/?before={found[_PAGE - 1].number}&search={quote(search)}"
            older = f'<p><a href="{escape(address)}">Older</a></p>'
        empty = "" if rows else '<p class="empty">Nothing here yet. What Senet sends will arrive in this list.</p>'
        nonce = secrets.token_urlsafe(12)
        body = f"""<header><h1>Mailbox</h1><form role="search">
<label>Recipient or subject <input name="search" value="{escape(search)}"></label> <button>Search</button></form>
<p aria-live="polite">{self.store.taken:,} received, {self.store.kept:,} kept. <a id="new" href="/"></a></p></header>
<table><thead><tr><th>Received</th><th>To</th><th>Subject</th><th class="n">Size</th></tr></thead>
<tbody>{rows}</tbody></table>{empty}{older}<script nonce="{nonce}">{_WATCH % self.store.taken}</script>"""
        return _page("Mailbox", body, script=f"'nonce-{nonce}'")

    def show_message(self, request: Request) -> Response:
        stored = self._get(request)
        if stored is None:
            return RedirectResponse("/")
        part = request.query_params.get("part", "html")
        read = read_message(stored.envelope.data)
        number = stored.number
        parts = {"html": "HTML", "text": "Plain text", "headers": "Headers", "raw": "Raw"}
        tabs = "".join(
            f'<a href="?part={key}"{" aria-current=page" if key == part else ""}>{label}</a>'
            for key, label in parts.items()
        )
        recipients = ", ".join(stored.envelope.recipients)
        body = f"""<header><h1>{escape(read.subject) or "(no subject)"}</h1><a href="/">All messages</a></header>
<p>From <strong>{escape(read.header("from"))}</strong> to <strong>{escape(recipients)}</strong>,
{stored.at:%Y-%m-%d %H:%M:%S} UTC</p><nav aria-label="Parts">{tabs}</nav><br>{_part(part, number, read, stored)}"""
        return _page(read.subject or "Message", body)

    def show_html(self, request: Request) -> Response:
        """The message's own HTML, in an origin of its own."""
        stored = self._get(request)
        if stored is None:
            return PlainTextResponse("This message is gone.", 404)
        policy = (
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src http: https: data:;"
            " style-src 'unsafe-inline'; font-src http: https: data:; frame-ancestors 'self'"
        )
        html = '<base target="_blank">' + read_message(stored.envelope.data).html
        return HTMLResponse(html, headers={"Content-Security-Policy": policy, **_HEADERS})

    # -- JSON ------------------------------------------------------------------------------------------------------

    def give_counters(self, _: Request) -> Response:
        return JSONResponse({"taken": self.store.taken, "kept": self.store.kept}, headers=_HEADERS)

    def give_list(self, request: Request) -> Response:
        limit = min(500, max(1, _number(request, "limit", _PAGE)))
        if "after" in request.query_params:
            found = self.store.list_after(_number(request, "after", 0), limit)
        else:
            search = request.query_params.get("search", "")[:200]
            found = self.store.list_newest(before=_number(request, "before", 0), search=search, limit=limit)
        items = [_summary(message) for message in found]
        return JSONResponse({"items": items, "taken": self.store.taken, "kept": self.store.kept}, headers=_HEADERS)

    def give_message(self, request: Request) -> Response:
        stored = self._get(request)
        if stored is None:
            return JSONResponse({"error": "This message is gone."}, 404)
        read = read_message(stored.envelope.data)
        more = {
            "headers": [list(pair) for pair in read.headers],
            "text": read.text,
            "html": read.html,
            "links": list(read.links),
            "images": list(read.images),
        }
        return JSONResponse({**_summary(stored), **more}, headers=_HEADERS)

    def give_raw(self, request: Request) -> Response:
        stored = self._get(request)
        if stored is None:
            return PlainTextResponse("This message is gone.", 404)
        return Response(stored.envelope.data, media_type="application/octet-stream", headers=_HEADERS)

    def _get(self, request: Request) -> StoredMessage | None:
        return self.store.find(int(request.path_params["number"]))


_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"{name} is a number.")
    return int(text)


def _summary(message: StoredMessage) -> dict[str, object]:
    envelope = message.envelope
    return {
        "id": message.number,
        "at": message.at.isoformat(),
        "sender": envelope.sender,
        "recipients": list(envelope.recipients),
        "subject": read_subject(envelope.data),
        "size": len(envelope.data),
    }


def _row(message: StoredMessage) -> str:
    subject = escape(read_subject(message.envelope.data)) or "(no subject)"
    return (
        f"<tr><td>{message.at:%H:%M:%S}</td><td>{escape(', '.join(message.envelope.recipients[:5]))}</td>"
        f'<td><a href="/messages/{message.number}">{subject}</a></td>'
        f'<td class="n">{len(message.envelope.data) / 1000:,.1f} kB</td></tr>'
    )


def _part(part: str, number: int, read: ReadMessage, stored: StoredMessage) -> str:
    if part == "text":
        return f"<pre>{escape(read.text)}</pre>"
    if part == "headers":
        rows = "".join(f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in read.headers)
        return f"<table>{rows}</table>"
    if part == "raw":
        shown = stored.envelope.data[:500_000].decode("utf-8", "replace")
        return f'<p><a href="/api/messages/{number}/raw">Download</a></p><pre>{escape(shown)}</pre>'
    if not read.html:
        return "<p>This message has no HTML part.</p>"
    return (
        f'<iframe src="/messages/{number}/html" title="The message"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>'
    )


def _page(title: str, body: str, *, script: str = "'none'") -> HTMLResponse:
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {script}; connect-src 'self'; frame-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>{body}</body></html>'
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, **_HEADERS})
