"""Turns MJML into HTML; Liquid passes through untouched, and nothing is included from files or the network."""

from __future__ import annotations

import re
from collections import Counter

import mrml

from senet.content.html import MAX_DEPTH
from senet.content.language.masking import find_liquid, restore, stand_in

_FORM = "lqz{}zql"
_PATTERN = re.compile(r"lqz(\d+)zql")
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][^\s/>]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "area", "base", "wbr"})


class MjmlInvalid(ValueError):  # noqa: N818
    """The MJML cannot be read."""


def mjml_to_html(source: str) -> str:
    """Return the HTML that MJML stands for.

    Fonts come from where the source says by `mj-font`, else from nowhere: a reader's mail program asks no stranger.
    Raises: MjmlInvalid with the parser's own words.
    """
    spans = find_liquid(source)
    _check_depth(stand_in(source, spans, _FORM))
    options = mrml.ParserOptions(include_loader=mrml.noop_loader())
    try:
        output = mrml.to_html(stand_in(source, spans, _FORM), options, mrml.RenderOptions(fonts={}))
    except (OSError, ValueError, TypeError) as error:
        raise MjmlInvalid(str(error)) from error
    html = str(output.content)
    return restore(html, source, spans, _PATTERN)


def _check_depth(markup: str) -> None:
    """Refuse elements nested deeper than any mail's: the parser recurses, and would take the process with it."""
    opened: Counter[str] = Counter()
    depth = 0
    for match in _MARKUP.finditer(markup):
        closing, name = match[1], match[2]
        if name is None or name in _VOID or match[0].endswith("/>"):
            continue
        if not closing:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            raise MjmlInvalid(f"elements are nested more than {MAX_DEPTH} deep")
