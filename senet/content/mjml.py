"""Turns MJML into HTML; Liquid passes through untouched, and nothing is included from files or the network."""

from __future__ import annotations

import re

import mrml

from senet.content.language.masking import find_liquid, restore, stand_in

_FORM = "lqz{}zql"
_PATTERN = re.compile(r"lqz(\d+)zql")


class MjmlInvalid(ValueError):  # noqa: N818
    """The MJML cannot be read."""


def mjml_to_html(source: str) -> str:
    """Return the HTML that MJML stands for.

    Raises: MjmlInvalid with the parser's own words.
    """
    spans = find_liquid(source)
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    try:
        output = mrml.to_html(stand_in(source, spans, _FORM), options)
    except (OSError, ValueError, TypeError) as error:
        raise MjmlInvalid(str(error)) from error
    html = str(output.content)
    return restore(html, source, spans, _PATTERN)
