"""Turns requests whose mail is due into messages of the outbox: one statement of the worker's, harmless when repeated.

A message of a request is of no journey, has the request's number as its iteration and counts its mails as tiles: the
outbox's own key lets each be there once. They wait while the content settings are stopped or the month's quota is used
up.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import senet.confirmations
from senet.confirmations.values import LASTS
from senet.messages.quota import find_quota_left, use_quota
from senet.shared.sql import fetch_all

_BATCH = 500


@transaction.atomic
def queue_mails(now: datetime) -> int:
    """Queue the mails that are due; return how many."""
    left = find_quota_left(now)
    limit = _BATCH if left is None else min(_BATCH, left)
    if limit == 0:
        return 0
    queued = len(fetch_all(senet.confirmations, "queue_mails", {"now": now, "limit": limit, "lasts": LASTS}))
    use_quota(queued, now)
    return queued
