"""Tries an email on a made-up contact: finds templates that never end, grow huge or fail before anybody gets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from liquid.exceptions import LiquidError, LiquidInterrupt, ResourceLimitError

from senet.content.fields import MESSAGE
from senet.content.language.budget import RenderState
from senet.content.language.environment import html_environment, text_environment
from senet.content.language.masking import Unclosed, find_liquid
from senet.content.language.program import compile_template, write_text
from senet.content.sample import SAMPLE_CONTACT, make_sample_event
from senet.shared.errors import Problem

_SETTINGS = {"name": "Sample", "address_main": "1 Sample Street", "address_line_2": "", "custom": {}}
_CENTRE = "https://example.com/"


def check_rendering(parts: Mapping[str, str], now: datetime) -> list[Problem]:
    """Return what goes wrong when these parts are written; a part is HTML when its name says so."""
    found: list[Problem] = []
    for part, template in parts.items():
        html = part == "html body"
        try:
            find_liquid(template)
            pieces = compile_template(template, html_environment() if html else text_environment())
            write_text(pieces, RenderState(_scope(now), now), html=html)
        except ResourceLimitError as error:
            message = f"Written for a sample contact, this part fails: {error.args[0]}."
            found.append(Problem("too_costly", message, part, advice="Make its loops shorter, or take them out."))
        except (LiquidError, LiquidInterrupt) as error:
            if not _is_syntax(error):
                message = (
                    f"Written for a sample contact, this part fails: {error.args[0] if error.args else 'it stops'}."
                )
                advice = "Give the value a default, for example {{ contact.city | default: '' }}."
                found.append(Problem("render_failed", message, part, "warning", advice))
        except (Unclosed, RecursionError):
            continue  # the analysis has told already
    return found


def _is_syntax(error: Exception) -> bool:
    return type(error).__name__ in {"LiquidSyntaxError", "UnknownFilterError", "BlockNestingError"}


def _scope(now: datetime) -> dict[str, object]:
    settings = {**_SETTINGS, "subscription_center": _CENTRE}
    return {
        "contact": SAMPLE_CONTACT,
        "company": SAMPLE_CONTACT["company"],
        "account": SAMPLE_CONTACT["company"],
        "event": make_sample_event(now),
        "records": {},
        "owner": SAMPLE_CONTACT["owner"],
        "content_settings": settings,
        "contentsettings": settings,
        "message": dict.fromkeys(MESSAGE.split(), _CENTRE),
        "now": now,
        "today": now,
    }


def write_sample(template: str, now: datetime) -> str | None:
    """Return a plain text as a made-up contact would get it, or None when it cannot be written."""
    try:
        find_liquid(template)
        return write_text(compile_template(template, text_environment()), RenderState(_scope(now), now), html=False)
    except (LiquidError, LiquidInterrupt, Unclosed, RecursionError):
        return None
