"""The go-live check: every problem of an email at once, each with a sentence, its place and what to do.

Source: product facts 3.3, rows 1–3, 6–12, 16 and 17 with the resolutions Q-7 and Q-8.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from senet.accounts.access import list_units_below
from senet.content.addresses import find_address
from senet.content.check_confirmation import check_confirmation_header, check_confirmation_part
from senet.content.check_contrast import check_contrast
from senet.content.check_html import check_html, check_links, check_size
from senet.content.check_records import check_records
from senet.content.check_render import check_rendering
from senet.content.compiler import compile_email, make_html
from senet.content.domains.authentication import check_domain
from senet.content.domains.resolver import find_resolver
from senet.content.domains.sending import check_owner, find_fixed_domain, find_signing_names
from senet.content.errors import TemplateInvalid
from senet.content.fields import load_fields
from senet.content.language.analysis import Template, analyse, find_paths
from senet.content.language.masking import Unclosed
from senet.content.language.shapes import Fields
from senet.content.links import find_anchors, find_target
from senet.content.mjml import MjmlInvalid
from senet.content.spam import check_spam
from senet.content.values import EmailSource, LegalDesignation, LinkKind
from senet.shared.clock import utc_now
from senet.shared.errors import Problem, Problems

CENTRE_LINK = '<a href="{{ content_settings.subscription_center }}">Change what you receive</a>'
ADDRESS = "{{ content_settings.address_main }}"
_CENTRE_PATHS = frozenset(
    {
        ("content_settings", "subscription_center"),
        ("contentsettings", "subscription_center"),
        ("message", "subscription_center_url"),
    }
)
_ADDRESS_PATHS = frozenset({("content_settings", "address_main"), ("contentsettings", "address_main")})
_HEADERS = ("subject", "preheader", "from_name", "from_address", "to_address", "reply_to")
_LIQUID = re.compile(r"\{\{|\{%")


def check_email(source: EmailSource, unit_ids: Collection[int] | None = None) -> list[Problem]:
    """Return every problem of an email, errors first. Reads the fields and records that exist now.

    `unit_ids`: the business units whose records it may name (None: all).
    """
    found = check_source(source, load_fields(), utc_now())
    found += check_records(source, unit_ids)
    return in_order(found)


def check_in_unit(source: EmailSource, unit_id: int) -> list[Problem]:
    """Return every problem of an email of a business unit, errors first."""
    found = check_email(source, list_units_below(unit_id))
    return in_order([*found, *check_owner(source.from_address, unit_id)])


def check_sender(source: EmailSource) -> list[Problem]:
    """Return what the name servers say against the from address's domain. Asks the network, so not when going live."""
    domain = find_fixed_domain(source.from_address)
    return check_domain(domain, settings.DKIM_SELECTORS, find_resolver(settings.DNS), find_signing_names(domain))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return findings without repetitions, errors first."""
    order = {"error": 0, "warning": 1, "information": 2}
    return sorted(dict.fromkeys(problems), key=lambda problem: order[problem.severity])


def check_source(source: EmailSource, fields: Fields, now: datetime) -> list[Problem]:
    """Return every problem of an email whose templates may name these fields, errors first."""
    problems = Problems()
    _check_headers(source, problems)
    problems.found += check_confirmation_header(source)
    headers = {part.replace("_", " "): str(getattr(source, part)) for part in _HEADERS}
    for part, template in headers.items():
        problems.found += analyse(Template(part, template), fields)
    problems.found += check_rendering(headers, now)
    body = analyse(Template("html body", source.source), fields)
    problems.found += body
    if not source.source.strip():
        problems.add("html_missing", "The email has no body.", where="html body", advice="Design the email first.")
    elif not any(problem.code in {"template_syntax", "too_long"} for problem in body):
        _check_body(source, problems, now)
    if not source.plain_text_automatic:
        problems.found += analyse(Template("plain text", source.plain_text), fields)
    return in_order(problems.found)


def _check_headers(source: EmailSource, problems: Problems) -> None:
    if not source.subject.strip():
        problems.add("subject_missing", "The subject is empty.", where="subject", advice="Write a subject.")
    if not source.from_name.strip():
        problems.add("from_name_missing", "The from name is empty.", where="from name", advice="Say who writes.")
    _check_address(source.from_address, "from address", problems, required=True)
    _check_address(source.reply_to, "reply to", problems, required=False)
    if not _LIQUID.search(source.to_address):
        problems.add(
            "to_static",
            "The To field is a fixed address: one person would get the email and all others none.",
            where="to address",
            advice="Use an expression: {{ contact.email }}.",
        )


def _check_address(value: str, where: str, problems: Problems, *, required: bool) -> None:
    if _LIQUID.search(value):
        return
    if not value.strip():
        if required:
            advice = "Write an address such as news@example.com."
            problems.add("address_missing", f"The {where} is empty.", where=where, advice=advice)
    elif find_address(value.strip()) is None:
        advice = "Write one address without a name, such as news@example.com."
        problems.add("address_invalid", f"“{value.strip()[:80]}” is no address.", where=where, advice=advice)


def _check_body(source: EmailSource, problems: Problems, now: datetime) -> None:
    try:
        html = make_html(source)
    except (MjmlInvalid, Unclosed, ValueError):
        html = ""
    if html:
        lines = source.source_kind == "html"
        problems.found += check_html(source.source if lines else html, lines=lines)
        problems.found += check_links(html)
        problems.found += check_size(html)
        problems.found += check_contrast(html)
        problems.found += check_spam(source, html)
        _check_required(html, "html body", source, problems)
    try:
        compiled = compile_email(_without_headers(source))
    except TemplateInvalid as error:
        problems.found += error.problems
        return
    problems.found += check_rendering({"html body": compiled.html, "plain text": compiled.text}, now)
    if not compiled.text.strip():
        problems.add(
            "text_missing", "There is no plain text.", where="plain text", advice="Write it, or let it be made."
        )
    else:
        _check_required(compiled.text, "plain text", source, problems)


def _without_headers(source: EmailSource) -> EmailSource:
    """Return only the body: headers were analysed by themselves."""
    return replace(source, subject="", preheader="", from_name="", from_address="", to_address="", reply_to="")


def _check_required(text: str, where: str, source: EmailSource, problems: Problems) -> None:
    paths = find_paths(re.sub(r"\{% (?:end)?senet_\w+ ?\d* ?%\}", "", text))
    if source.legal_designation == LegalDesignation.COMMERCIAL and not _has_centre(text, where, paths):
        advice = (
            f"Add a link: {CENTRE_LINK}" if where == "html body" else "Add {{ content_settings.subscription_center }}."
        )
        problems.add(
            "centre_missing",
            "Commercial email needs a link to the subscription centre, and there is none.",
            where=where,
            advice=advice,
        )
    problems.found += check_confirmation_part(source, text, where, paths)
    if not paths & _ADDRESS_PATHS:
        problems.add(
            "postal_address_missing",
            "The sender's postal address is missing.",
            where=where,
            advice=f"Add {ADDRESS}.",
        )


def _has_centre(text: str, where: str, paths: set[tuple[str, ...]]) -> bool:
    if where != "html body":
        return bool(paths & _CENTRE_PATHS)
    targets = (find_target(anchor, "") for anchor in find_anchors(text))
    return any(target is not None and target[1] == LinkKind.SUBSCRIPTION_CENTER for target in targets)
