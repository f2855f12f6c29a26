"""Routes: rehearsals of a journey. A job does the work, and the rehearsal's row tells how far it is."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.journeys.access import get_permitted
from senet.rehearsals import actions
from senet.rehearsals.assuming import assume_of_drawn, live_history
from senet.rehearsals.models import Rehearsal
from senet.rehearsals.queries import REHEARSALS, get_rehearsal, note_interruptions
from senet.rehearsals.schemas import AssumptionsOut, RehearsalOut, RehearsalRow
from senet.rehearsals.tasks import run_rehearsal_job
from senet.rehearsals.values import RehearsalOptions
from senet.shared.clock import utc_now
from senet.shared.paging import Page, PageOf, PageQuery

router = Router(tags=["journeys"])


@router.post(
    "/journeys/{int:journey_id}/rehearsals", response={201: RehearsalOut}, operation_id="journeys_rehearsals_create"
)
def create_rehearsal(request: HttpRequest, journey_id: int, body: RehearsalOptions) -> Status[Rehearsal]:
    """Rehearse the journey as it is drawn now: a job does it, and GET tells how far it is. Nothing is sent."""
    get_permitted(request, journey_id, Permission.EDIT)
    made = actions.start_rehearsal(journey_id, body, user_id=principal(request).user_id)
    run_rehearsal_job.defer(rehearsal_id=made)
    return Status(201, get_rehearsal(journey_id, made))


@router.get(
    "/journeys/{int:journey_id}/rehearsals", response=PageOf[RehearsalRow], operation_id="journeys_rehearsals_list"
)
def list_rehearsals(request: HttpRequest, journey_id: int, query: Query[PageQuery]) -> Page[Rehearsal]:
    """List the journey's rehearsals, the latest first."""
    get_permitted(request, journey_id, Permission.VIEW)
    page = REHEARSALS.page(Rehearsal.objects.filter(journey_id=journey_id).defer("report"), query)
    note_interruptions(page.items)
    return page


@router.get(
    "/journeys/{int:journey_id}/rehearsals/assumptions",
    response=AssumptionsOut,
    operation_id="journeys_rehearsals_assumptions",
)
def show_assumptions(request: HttpRequest, journey_id: int) -> AssumptionsOut:
    """Tell what a rehearsal would assume of the readers of each email, from history or from the literature."""
    journey = get_permitted(request, journey_id, Permission.VIEW)
    assumptions, notes = assume_of_drawn(journey, live_history, utc_now())
    return AssumptionsOut(assumptions=assumptions, notes=notes)


@router.get(
    "/journeys/{int:journey_id}/rehearsals/{int:rehearsal_id}",
    response=RehearsalOut,
    operation_id="journeys_rehearsals_get",
)
def show_rehearsal(request: HttpRequest, journey_id: int, rehearsal_id: int) -> Rehearsal:
    """Tell how far a rehearsal is, and what it found."""
    get_permitted(request, journey_id, Permission.VIEW)
    return get_rehearsal(journey_id, rehearsal_id)


@router.delete(
    "/journeys/{int:journey_id}/rehearsals/{int:rehearsal_id}",
    response={204: None},
    operation_id="journeys_rehearsals_delete",
)
def delete_rehearsal(request: HttpRequest, journey_id: int, rehearsal_id: int) -> Status[None]:
    """Forget a rehearsal; one that runs ends before its next step."""
    get_permitted(request, journey_id, Permission.EDIT)
    actions.delete_rehearsal(get_rehearsal(journey_id, rehearsal_id).pk)
    return Status(204, None)
