"""What the demo's shop writes: one email in MJML and two in HTML, with personal and conditional parts and a loop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FOLDER = Path(__file__).parent


def _read(name: str) -> Mapping[str, str]:
    return {"source_kind": name.rpartition(".")[2], "source": (_FOLDER / name).read_text(encoding="utf-8")}


EMAILS: tuple[Mapping[str, str], ...] = (
    {
        "name": "Welcome to the club",
        "subject": "Welcome aboard, {{ contact.first_name | default: 'friend' }}",
        "preheader": "Your membership has begun. Here is where to start.",
        **_read("welcome.mjml"),
    },
    {
        "name": "Your first trip",
        "subject": "{{ contact.first_name | default: 'Hello' }}, pick your first trip",
        "preheader": "Two days out, everything arranged.",
        **_read("first_trip.html"),
    },
    {
        "name": "A gentle reminder",
        "subject": "Your membership is waiting for you",
        "preheader": "One click is enough to begin.",
        **_read("reminder.html"),
    },
)
