"""The month's quota of mails, where SENET_MONTHLY_MAILS sets one: who comes when it is used up gets none."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from senet.messages.models import MailQuota


def find_quota_left(now: datetime) -> int | None:
    """Return how many mails may still be queued this month (UTC), and hold the count until the transaction ends.

    None: as many as one likes, and nothing is held.
    """
    if not settings.MONTHLY_MAILS:
        return None
    month = _month(now)
    MailQuota.objects.bulk_create([MailQuota(month=month, used=0)], ignore_conflicts=True)
    used = MailQuota.objects.select_for_update().get(month=month).used
    return max(0, int(settings.MONTHLY_MAILS) - used)


def use_quota(count: int, now: datetime) -> None:
    """Count mails that were queued. In the transaction that asked how many are left."""
    if settings.MONTHLY_MAILS and count:
        quota = MailQuota.objects.get(month=_month(now))
        MailQuota.objects.filter(month=quota.month).update(used=quota.used + count)


def _month(now: datetime) -> date:
    return now.date().replace(day=1)
