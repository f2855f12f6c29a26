"""What the check asks of confirmation requests, and that no other email has a link that confirms.

A confirmation request answers something that its reader did, so it is transactional: it needs the sender's postal
address and no subscription centre. It is for its one reader: it goes to the contact's own address and is neither shown
as a web page nor sent on. Source: product facts 3.3 row 17, 3.6, 3.8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from senet.content.fields import CONFIRMATION
from senet.content.headers import is_usual_recipient
from senet.content.links import find_anchors, find_target
from senet.content.values import ContentType, EmailSource, LegalDesignation, LinkKind
from senet.shared.errors import Problem

LINK = '<a href="{{ message.confirmation_url }}">Yes, I confirm</a>'
_URL = ("message", "confirmation_url")
_OURS = frozenset(("message", name) for name in CONFIRMATION.split())
_NOT_SHARED = {
    ("message", "web_view_url"): "a link to read it in the browser",
    ("message", "forward_url"): "a link to forward it",
}


def check_confirmation_header(source: EmailSource) -> Iterator[Problem]:
    """Find what a confirmation request's header fields may not be."""
    if source.content_type != ContentType.CONFIRMATION_REQUEST:
        return
    if source.legal_designation != LegalDesignation.TRANSACTIONAL:
        message = "A confirmation request answers what somebody asked for: it is transactional, not commercial."
        advice = "Choose Transactional as the legal designation."
        yield Problem("confirmation_commercial", message, "legal designation", advice=advice)
    if not is_usual_recipient(source.to_address):
        message = "A confirmation request goes to the address of the contact who has asked, and to no other."
        yield Problem("confirmation_to_others", message, "to address", advice="Write {{ contact.email }}.")


def check_confirmation_part(
    source: EmailSource, text: str, where: str, paths: Collection[tuple[str, ...]]
) -> Iterator[Problem]:
    """Find what is missing in a body of a confirmation request, or what stands in a body and may not."""
    if source.content_type != ContentType.CONFIRMATION_REQUEST:
        if found := sorted(_OURS & set(paths)):
            message = f"{{{{ {'.'.join(found[0])} }}}} says something in confirmation requests only."
            advice = "Choose the content type Confirmation request, or take it out."
            yield Problem("confirmation_elsewhere", message, where, advice=advice)
        return
    if not _has_link(text, where, paths):
        message = "A confirmation request needs the link by which its reader confirms, and there is none."
        advice = f"Add a link: {LINK}" if where == "html body" else "Add {{ message.confirmation_url }}."
        yield Problem("confirmation_link_missing", message, where, advice=advice)
    for path, what in _NOT_SHARED.items():
        if path in paths:
            message = f"A confirmation request is for its reader alone, and has {what}."
            yield Problem("confirmation_shared", message, where, advice=f"Take {{{{ {'.'.join(path)} }}}} out.")


def _has_link(text: str, where: str, paths: Collection[tuple[str, ...]]) -> bool:
    if where != "html body":
        return _URL in paths
    targets = (find_target(anchor, "") for anchor in find_anchors(text))
    return any(target is not None and target[1] == LinkKind.CONFIRMATION for target in targets)
