"""Writes style sheets into `style` attributes, touching nothing else: positions are kept, nothing is fetched."""

from __future__ import annotations

import css_inline

from senet.content.html import Edit, Tag, apply_edits, check_depth, scan
from senet.content.language.masking import blank_out, find_liquid

_MARK = "data-senet-n"


def inline_css(html: str) -> str:
    """Return the document with its style sheets' rules copied into the elements that they select.

    The sheets stay, for media queries. An element whose own style holds Liquid is left as it is.

    Raises: ValueError when the style sheets cannot be read, or elements are nested too deeply.
    """
    plain = blank_out(html, find_liquid(html), filler=" ")
    check_depth(plain)
    if "<style" not in html.lower():
        return html
    tags = [tag for tag in scan(plain) if not tag.closing and not tag.conditional]
    marked = apply_edits(plain, [Edit(tag.name_end, tag.name_end, f' {_MARK}="{n}"') for n, tag in enumerate(tags)])
    try:
        inlined = _INLINER.inline(marked)
    except (css_inline.InlineError, ValueError) as error:
        raise ValueError(str(error)) from error
    edits = []
    for number, style in _styles(inlined).items():
        edit = _style_edit(html, tags[number], style, plain)
        if edit:
            edits.append(edit)
    return apply_edits(html, edits)


_INLINER = css_inline.CSSInliner(keep_style_tags=True, keep_link_tags=True, load_remote_stylesheets=False)


def _styles(inlined: str) -> dict[int, str]:
    styles: dict[int, str] = {}
    for tag in scan(inlined):
        mark, style = tag.find(_MARK), tag.find("style")
        if mark and style:
            styles[int(inlined[mark.value_start : mark.value_end])] = inlined[style.value_start : style.value_end]
    return styles


def _style_edit(html: str, tag: Tag, style: str, plain: str) -> Edit | None:
    own = tag.find("style")
    if own is None:
        return Edit(tag.name_end, tag.name_end, f' style="{style}"')
    before = html[own.value_start : own.value_end]
    if before != plain[own.value_start : own.value_end] or before == style:
        return None
    return Edit(own.value_start - len(own.quote), own.end, f'"{style}"')
