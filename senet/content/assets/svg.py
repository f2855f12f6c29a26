"""Refuses SVG that does anything but draw: scripts, handlers, foreign markup, and whatever reaches outside the file.

The door serves SVG in a sandbox without scripts as well; this is so that nobody else who gets the file has to.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

# What draws, of SVG 1.1 and 2; filters may not load images.
_DRAWING = frozenset({
    "svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "textPath", "title", "desc", "metadata", "linearGradient", "radialGradient", "stop", "clipPath", "mask",
    "pattern", "marker", "style", "filter", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite",
    "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode",
    "feMorphology", "feOffset", "feTile", "feTurbulence", "switch", "view",
})  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_REACHES_OUT = re.compile(r"url\(\s*+(?!['\"]?#)|@import|expression\(|javascript:|data:|\\", re.IGNORECASE)
_LARGEST_TREE = 50_000  # elements


def find_svg_fault(content: bytes) -> str | None:
    """Return why an SVG file is refused, as a sentence, or None when it only draws."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "This SVG cannot be read as XML."
    document: Any = root.getroottree().docinfo  # Any: the stubs leave its columns out
    if document.doctype:
        return "This SVG has a document type. Save it without one."
    if root.tag != f"{_SVG}svg":
        return "This file is no SVG."
    for number, element in enumerate(root.iter()):
        if number > _LARGEST_TREE:
            return "This SVG has too many elements. Save it as PNG."
        if fault := _find_fault(element):
            return fault
    return None


def _find_fault(element: etree._Element) -> str | None:
    tag: object = element.tag  # a function, of comments and instructions
    if tag is etree.Comment:
        return None
    if not isinstance(tag, str):
        return "This SVG has processing instructions or entities. Save it without them."
    name = etree.QName(element)
    if name.namespace == _SVG[1:-1] and name.localname not in _DRAWING:
        return f"This SVG has an element <{name.localname[:40]}>, which does more than draw."
    if name.localname == "style" and _REACHES_OUT.search(element.text or ""):
        return "A style of this SVG reaches outside the file."
    faults = (_find_attribute_fault(str(each), str(value)) for each, value in element.attrib.items())
    return next(filter(None, faults), None)


def _find_attribute_fault(attribute: str, value: str) -> str | None:
    name = etree.QName(attribute).localname.lower()
    if name.startswith("on"):
        return f"This SVG has a handler ({name[:40]})."
    if name in {"href", "src"}:
        return None if value.strip().startswith("#") else "This SVG refers to something outside itself."
    return f"The attribute {name[:40]} of this SVG reaches outside the file." if _REACHES_OUT.search(value) else None
