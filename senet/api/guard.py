"""The API's way in. Whatever a router forgets: who may only view changes nothing."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest

from senet.accounts.access import PERMISSIONS
from senet.accounts.http import KeyAuth, SessionAuth
from senet.accounts.values import Permission, Principal
from senet.shared.errors import NotAllowed

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# These POSTs carry a question too long for an address, or change nothing but one's own way in.
ASKS = re.compile(r"/api/v1/(?:auth/password|segments/estimate|(?:segments|emails|journeys)/\d+/(?:check|preview))")


def check_may_write(request: HttpRequest, principal: Principal) -> None:
    """Refuse a request that may change something, from somebody who may change nothing. Raises: NotAllowed."""
    if request.method in READS or Permission.EDIT in PERMISSIONS[principal.role]:
        return
    if request.method != "POST" or ASKS.fullmatch(request.path) is None:
        raise NotAllowed


class GuardedKey(KeyAuth):
    """An API key, guarded."""

    def __call__(self, request: HttpRequest) -> Any:  # ninja's signature; a Principal or None
        found = super().__call__(request)
        if isinstance(found, Principal):
            check_may_write(request, found)
        return found


class GuardedSession(SessionAuth):
    """A session, guarded."""

    def __call__(self, request: HttpRequest) -> Any:  # ninja's signature; a Principal or None
        found = super().__call__(request)
        if isinstance(found, Principal):
            check_may_write(request, found)
        return found
