"""Compiles an email at go-live: MJML to HTML, styles inlined, links and beacon in slots, a plain text, all checked
once.

In: `EmailSource`. Out: `CompiledEmail`, which `render.Renderer` turns into a message for each person.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from liquid.exceptions import LiquidError

from senet.content.css import inline_css
from senet.content.errors import TemplateInvalid
from senet.content.html import Edit, NestedTooDeeply, apply_edits, scan
from senet.content.language.environment import html_environment, text_environment
from senet.content.language.masking import Unclosed, blank_out, find_liquid, map_prose
from senet.content.language.slots import WRITE_BEACON
from senet.content.links import LinkRegister, TooManyLinks, slot_links, slot_text_links
from senet.content.mjml import MjmlInvalid, mjml_to_html
from senet.content.needs import find_needs
from senet.content.plain_text import make_plain_text
from senet.content.values import CompiledEmail, EmailSource
from senet.shared.errors import Problem

_HEADERS = ("subject", "from_name", "from_address", "to_address", "reply_to")
_PREHEADER = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;'
    'mso-hide:all">{}</div>'
)


def compile_email(source: EmailSource) -> CompiledEmail:
    """Return the email ready for any number of people.

    Raises: TemplateInvalid with every problem that keeps it from being compiled.
    """
    try:
        html = make_html(source)
        register = LinkRegister()
        slotted = slot_links(html, register)
        text = make_text(source, slotted, register)
        document = _add_beacon(_add_preheader(slotted, source.preheader))
    except (Unclosed, MjmlInvalid, TooManyLinks, ValueError) as error:
        raise TemplateInvalid(problems=[_as_problem(error)]) from error
    compiled = CompiledEmail(
        subject=source.subject,
        from_name=source.from_name,
        from_address=source.from_address,
        to_address=source.to_address,
        reply_to=source.reply_to,
        html=document,
        text=text,
        language=source.language,
        legal_designation=source.legal_designation,
        links=tuple(register.links),
        event_id=source.event_id,
        content_type=source.content_type,
    )
    _check_parts(compiled)
    return replace(compiled, needs=find_needs(list_templates(compiled)))


def list_templates(compiled: CompiledEmail) -> list[str]:
    """Return every part that holds Liquid."""
    return [getattr(compiled, name) for name in _HEADERS] + [compiled.html, compiled.text]


def make_html(source: EmailSource) -> str:
    """Return the email's HTML with its styles inlined and its Liquid in place.

    Raises: Unclosed, MjmlInvalid, ValueError.
    """
    html = mjml_to_html(source.source) if source.source_kind == "mjml" else source.source
    return inline_css(html)


def make_text(source: EmailSource, slotted_html: str, register: LinkRegister) -> str:
    """Return the plain text, made or by hand, with its links in slots.

    Raises: Unclosed, TooManyLinks.
    """
    if source.plain_text_automatic:
        return make_plain_text(slotted_html)
    return slot_text_links(source.plain_text, register)


def _add_preheader(html: str, preheader: str) -> str:
    if not preheader.strip():
        return html
    block = _PREHEADER.format(map_prose(preheader, escape))
    masked = blank_out(html, find_liquid(html))
    position = next((tag.end for tag in scan(masked) if tag.name == "body" and not tag.closing), 0)
    return apply_edits(html, [Edit(position, position, block)])


def _add_beacon(html: str) -> str:
    masked = blank_out(html, find_liquid(html))
    ends = [tag.start for tag in scan(masked) if tag.closing and tag.name in {"body", "html"}]
    position = ends[0] if ends else len(html)
    return apply_edits(html, [Edit(position, position, WRITE_BEACON)])


def _check_parts(compiled: CompiledEmail) -> None:
    parts = {"html body": compiled.html, "plain text": compiled.text}
    headers = {name.replace("_", " "): getattr(compiled, name) for name in _HEADERS}
    problems: list[Problem] = []
    for part, text in {**headers, **parts}.items():
        environment = html_environment() if part == "html body" else text_environment()
        try:
            find_liquid(text)
            environment.from_string(text)
        except (LiquidError, Unclosed, RecursionError) as error:
            problems.append(_broken(part, error))
    if problems:
        raise TemplateInvalid(problems=problems)


def _broken(part: str, error: Exception) -> Problem:
    detail = str(error.args[0]) if error.args else "it is nested too deeply"
    advice = "Close every {% if %} and {% for %} in the part where it begins, and none across an address."
    if part == "plain text":
        advice += " Or write the plain text by hand."
    return Problem("template_syntax", f"The {part} cannot be read: {detail}.", part, advice=advice)


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, TooManyLinks):
        return Problem("too_many_links", "There are more than 255 links.", "html body", advice="Take some out.")
    if isinstance(error, MjmlInvalid):
        return Problem("mjml_invalid", f"The MJML cannot be read: {error}.", "html body", advice="Mend the markup.")
    if isinstance(error, Unclosed):
        return Problem("template_syntax", f"{error.expected} is missing.", "html body", advice="Close every {{ and {%.")
    if isinstance(error, NestedTooDeeply):
        return Problem("nested_too_deeply", f"Some {error}.", "html body", advice="Close the elements that you open.")
    return Problem("css_invalid", f"The style sheets cannot be read: {error}.", "html body", advice="Mend the CSS.")
