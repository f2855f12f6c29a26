"""Reads a template without running it: syntax errors, unknown fields, filters and tags, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liquid.exceptions import LiquidError
from liquid.static_analysis import TemplateAnalysis

from senet.content.language.budget import MAX_SOURCE
from senet.content.language.environment import CheckingEnvironment
from senet.content.language.filters import ALLOWED_FILTERS
from senet.content.language.loops import LoopFinding, find_loop_faults
from senet.content.language.masking import Unclosed, find_liquid
from senet.content.language.shapes import ById, Fields, Rows
from senet.shared.errors import Problem

_VALUE_PROPERTIES = frozenset({"size", "first", "last"})
_EXCERPT = 80
_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Template:
    """A template to check: the part of the email it is, and its source."""

    part: str
    source: str

    def where(self, position: int) -> str:
        """Return a place that a person finds: the part, and the line when there are several."""
        if "\n" not in self.source:
            return self.part
        return f"{self.part}, line {self.source.count(chr(10), 0, max(position, 0)) + 1}"

    def excerpt(self, position: int) -> str:
        """Return the piece of source around a position, on one line."""
        opening = max(self.source.rfind("{{", 0, position + 2), self.source.rfind("{%", 0, position + 2))
        start = opening if opening >= 0 and position - opening < _EXCERPT else max(position, 0)
        closing = self.source.find("}", start)
        end = closing + 2 if 0 <= closing - start < _EXCERPT else start + _EXCERPT
        return " ".join(self.source[start:end].split())


def analyse(template: Template, fields: Fields) -> list[Problem]:
    """Return every problem of one template, in the order of its source."""
    source = template.source
    if len(source) > MAX_SOURCE:
        message = f"It is longer than {MAX_SOURCE:,} characters."
        return [Problem("too_long", message, template.part, advice="Shorten it, or load images by address.")]
    try:
        find_liquid(source)
    except Unclosed as error:
        return [_unclosed(template, error)]
    environment = CheckingEnvironment()
    try:
        parsed = environment.from_string(source)
        analysis = parsed.analyze(include_partials=False)
    except (LiquidError, RecursionError) as error:
        return [_syntax(template, error)]
    problems = [_syntax(template, error) for error in environment.errors[:_MAX_ERRORS]]
    problems += _unknown_filters(template, analysis)
    problems += _unknown_fields(template, analysis, fields)
    problems += _shadowed_roots(template, analysis, fields)
    problems += [_loop_fault(template, fault) for fault in find_loop_faults(parsed, fields)]
    return problems


def find_paths(source: str) -> set[tuple[str, ...]]:
    """Return the dotted paths that a template reads; empty when it cannot be read."""
    try:
        find_liquid(source)
        analysis = CheckingEnvironment().from_string(source).analyze(include_partials=False)
    except (Unclosed, LiquidError, RecursionError):
        return set()
    return {
        tuple(str(segment) for segment in variable.segments)
        for variables in analysis.globals.values()
        for variable in variables
    }


def _unclosed(template: Template, error: Unclosed) -> Problem:
    return Problem(
        "template_syntax",
        f"“{template.excerpt(error.position)}” is not closed: {error.expected} is missing.",
        template.where(error.position),
        advice="For example: {{ contact.first_name }} or {% if contact.active %} … {% endif %}.",
    )


def _syntax(template: Template, error: LiquidError | RecursionError) -> Problem:
    token = error.token if isinstance(error, LiquidError) else None
    position = token.start_index if token else -1
    detail = str(error.args[0]) if error.args else "it is nested too deeply"
    place = f"“{template.excerpt(position)}” cannot be read" if position >= 0 else "The template cannot be read"
    return Problem(
        "template_syntax",
        f"{place}: {detail}.",
        template.where(position) if position >= 0 else template.part,
        advice="For example: {{ contact.first_name | default: 'you' }} or {% if contact.active %} … {% endif %}.",
    )


def _unknown_filters(template: Template, analysis: TemplateAnalysis) -> Iterable[Problem]:
    for name, spans in analysis.filters.items():
        if name in ALLOWED_FILTERS:
            continue
        for span in spans[:1]:
            yield Problem(
                "unknown_filter",
                f"There is no filter “{name}” (in “{template.excerpt(span.index)}”).",
                template.where(span.index),
                advice=_suggest(name, ALLOWED_FILTERS, "{{{{ contact.first_name | {} }}}}", "capitalize"),
            )


def _unknown_fields(template: Template, analysis: TemplateAnalysis, fields: Fields) -> Iterable[Problem]:
    for variables in analysis.globals.values():
        seen: set[str] = set()
        for variable in variables:
            path = str(variable)
            if path in seen or (found := _first_unknown(variable.segments, fields)) is None:
                continue
            seen.add(path)
            known, parents = found
            sample = ".".join([*parents, "{}"])
            yield Problem(
                "unknown_field",
                f"There is no field “{path}” (in “{template.excerpt(variable.span.index)}”).",
                template.where(variable.span.index),
                advice=_suggest(
                    str(variable.segments[len(parents)]) if len(parents) < len(variable.segments) else "",
                    known,
                    "{{{{ " + sample + " }}}}",
                    next(iter(sorted(known)), ""),
                ),
            )


def _first_unknown(segments: Sequence[object], fields: Fields) -> tuple[Iterable[str], list[str]] | None:
    known: Fields | None = fields
    parents: list[str] = []
    for segment in segments:
        if known is None or isinstance(known, Rows):  # a value or a list: only what every one has
            return None if segment in _VALUE_PROPERTIES or isinstance(segment, int) else (_VALUE_PROPERTIES, parents)
        if isinstance(known, ById) and isinstance(segment, int | str):
            known, parents = dict(known), [f"{'.'.join(parents)}[{segment!r}]"]
            continue
        if not isinstance(segment, str) or segment not in known:
            return known, parents
        known = known[segment]
        parents.append(segment)
    return None if known is None or isinstance(known, Rows) else (known, parents)  # a record cannot be written


def _shadowed_roots(template: Template, analysis: TemplateAnalysis, fields: Fields) -> Iterable[Problem]:
    for name, variables in analysis.locals.items():
        if name in fields:
            index = variables[0].span.index
            yield Problem(
                "name_taken",
                f"“{name}” already means something and cannot be assigned.",
                template.where(index),
                advice=f"Choose another name: {{% assign my_{name} = … %}}.",
            )


def _loop_fault(template: Template, fault: LoopFinding) -> Problem:
    where, excerpt = template.where(fault.position), template.excerpt(fault.position)
    if fault.rows:
        name = fault.path.rpartition(".")[2].removesuffix("s") or "row"
        column = next((each for each in ("name", "topic") if each in fault.known), next(iter(fault.known), "id"))
        return Problem(
            "rows_as_value",
            f"“{fault.path}” is a list of rows and cannot be written as it is (in “{excerpt}”).",
            where,
            advice=f"Loop over it: {{% for {name} in {fault.path} %}}{{{{ {name}.{column} }}}}{{% endfor %}}.",
        )
    sample = "{{{{ " + ".".join([*fault.parents, "{}"]) + " }}}}"
    wrong = fault.path.split(".")[len(fault.parents)] if "." in fault.path else ""
    return Problem(
        "unknown_field",
        f"There is no field “{fault.path}” (in “{excerpt}”).",
        where,
        advice=_suggest(wrong, fault.known, sample, next(iter(sorted(fault.known)), "")),
    )


def _suggest(name: str, known: Iterable[str], sample: str, fallback: str) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    chosen = close[0] if close else fallback
    hint = f"Did you mean {sample.format(chosen)}?" if close else f"For example: {sample.format(chosen)}."
    return hint if close or not names else f"{hint} There are: {', '.join(names[:40])}."
