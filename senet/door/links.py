"""Where links lead: the stored links of published emails, kept in memory once asked for; never what a caller says."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping

from senet.content.queries import load_links
from senet.content.values import Link, declared_number
from senet.messages.queries import find_message_link
from senet.shared.tokens import LinkToken

_SAFE = re.compile(r"https?://[^\x00-\x20\x7f\"<>\\^`{|}]+\Z", re.IGNORECASE)
_REMEMBERED_DYNAMIC = 100_000


class LinkBook:
    """Finds the target of a token. `find_known` asks nobody; `find` may ask the database, so call it in a thread."""

    def __init__(self) -> None:
        self._versions: dict[int, Mapping[int, Link]] = {}
        self._dynamic: OrderedDict[tuple[int, int], str] = OrderedDict()

    def find_known(self, token: LinkToken) -> str | None:
        """Return the target from memory, or None when it is not there."""
        links = self._versions.get(token.email_version_id)
        link = links.get(declared_number(token.link)) if links is not None else None
        if link is None:
            return None
        if link.dynamic:
            return self._dynamic.get((token.message_id, token.link))
        return link.url

    def find(self, token: LinkToken) -> str | None:
        """Return the target, or None when no stored link bears that number. Asks the database."""
        if token.email_version_id not in self._versions:
            self._load(token.email_version_id)
        links = self._versions.get(token.email_version_id, {})
        link = links.get(declared_number(token.link))
        if link is None or not link.dynamic:
            return link.url if link and is_safe(link.url) else None
        known = self._dynamic.get((token.message_id, token.link))
        return known or self._remember(token, find_message_link(token.message_id, token.link))

    def _load(self, version_id: int) -> None:
        links = {number: link for (_, number), link in load_links([version_id]).items()}
        if links:  # a version without links is asked for again: it may not have been written yet
            self._versions[version_id] = {
                number: link for number, link in links.items() if link.dynamic or is_safe(link.url)
            }

    def _remember(self, token: LinkToken, url: str | None) -> str | None:
        if url is None or not is_safe(url):
            return None
        self._dynamic[(token.message_id, token.link)] = url
        if len(self._dynamic) > _REMEMBERED_DYNAMIC:
            self._dynamic.popitem(last=False)
        return url


def is_safe(url: str) -> bool:
    """Whether an address may stand in a Location header."""
    return _SAFE.match(url) is not None
