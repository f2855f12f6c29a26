"""Which journeys a request may reach, and whose people it may see."""

from __future__ import annotations

from django.http import HttpRequest

from senet.accounts.access import SEES_EVERYTHING, check_object, list_unit_ids
from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.shared.errors import NotFound


def get_permitted(request: HttpRequest, journey_id: int, permission: Permission) -> Journey:
    """Return a journey that the caller may do something with. Raises: JourneyNotFound, NotAllowed."""
    journey = Journey.objects.filter(pk=journey_id).select_related("live_version").first()
    if journey is None:
        raise JourneyNotFound
    try:
        check_object(journey.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise JourneyNotFound from error
    return journey


def visible_units(request: HttpRequest) -> list[int] | None:
    """Return the business units whose people the caller may see; None means all."""
    person = principal(request)
    return None if person.role in SEES_EVERYTHING else sorted(list_unit_ids(person))
