"""Routes of this room."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.queries import find_user_names
from senet.accounts.values import Author, Permission
from senet.journeys import actions, queries
from senet.journeys.access import get_permitted, visible_units
from senet.journeys.activity_api import router as activity_router
from senet.journeys.definition import Definition, read_definition
from senet.journeys.locks import list_locked
from senet.journeys.models import Journey, Milestone
from senet.journeys.people_api import router as people_router
from senet.journeys.quick_send_api import router as quick_send_router
from senet.journeys.schemas import (
    BlastRadiusOut,
    CopyQuery,
    GoLiveOut,
    JourneyChange,
    JourneyCheckOut,
    JourneyIn,
    JourneyOut,
    JourneyQuery,
    JourneyRow,
    MilestoneOut,
    StandingOut,
)
from senet.journeys.template_api import router as template_router
from senet.journeys.version_api import router as version_router
from senet.people.queries import get_contact
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import InvalidInput
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["journeys"])
router.add_router("", version_router)
router.add_router("", people_router)
router.add_router("", template_router)
router.add_router("", activity_router)
router.add_router("", quick_send_router)

JOURNEYS = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "status": Sort("status"),
        "start_at": Sort("start_at", nullable=True),
        "end_at": Sort("end_at", nullable=True),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={"status": "status", "owner_id": "owner_id"},
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
    default_sort="-updated_at",
)
MILESTONES = Listing(sorts={"at": Sort("at")}, default_sort="-id")
_CSV = ("id", "name", "description", "status", "time_zone", "start_at", "end_at", "created_at", "updated_at")


def _show(journey: Journey) -> JourneyOut:
    try:
        definition = read_definition(journey.definition)
    except InvalidInput:  # drawn by an older release; the check says what does not fit
        definition = Definition()
    values = {name: getattr(journey, name) for name in JourneyOut.model_fields if hasattr(journey, name)}
    number = journey.live_version.number if journey.live_version else None
    locked = sorted(list_locked(journey, utc_now()))
    return JourneyOut(**{**values, "definition": definition, "live_version": number, "locked": locked})


def _reload(journey_id: int) -> JourneyOut:
    return _show(Journey.objects.select_related("live_version").get(pk=journey_id))


def _plain(milestone: Milestone) -> dict[str, object]:
    return {name: getattr(milestone, name) for name in ("id", "at", "kind", "user_id", "detail")}


@router.get("/journeys", response=PageOf[JourneyRow], operation_id="journeys_list")
def list_journeys(request: HttpRequest, query: Query[JourneyQuery]) -> Page[Journey]:
    """List journeys."""
    return JOURNEYS.page(visible(Journey.objects.all(), principal(request)), query)


@router.get("/journeys/export.csv", response=None, operation_id="journeys_export")
def export_journeys(request: HttpRequest, query: Query[JourneyQuery]) -> StreamingHttpResponse:
    """Download the list as CSV, with the same search and filters."""
    person = require(request, Permission.EXPORT)
    rows = JOURNEYS.order(JOURNEYS.narrow(visible(Journey.objects.all(), person), query), query)
    return stream_csv(request, "journeys.csv", _CSV, rows.values_list(*_CSV).iterator(chunk_size=2000))


@router.post("/journeys", response={201: JourneyOut}, operation_id="journeys_create")
def create_journey(request: HttpRequest, body: JourneyIn) -> Status[JourneyOut]:
    """Draw a new journey."""
    person = require(request, Permission.EDIT)
    author = Author(person.user_id, person.business_unit_id)
    made = actions.create_journey(author=author, now=utc_now(), **body.model_dump())
    return Status(201, _reload(made))


@router.get("/journeys/{int:journey_id}", response=JourneyOut, operation_id="journeys_get")
def get_journey(request: HttpRequest, journey_id: int) -> JourneyOut:
    """Return a journey."""
    return _show(get_permitted(request, journey_id, Permission.VIEW))


@router.patch("/journeys/{int:journey_id}", response=JourneyOut, operation_id="journeys_update")
def change_journey(request: HttpRequest, journey_id: int, body: JourneyChange) -> JourneyOut:
    """Change a journey; what is fixed in its state is refused."""
    get_permitted(request, journey_id, Permission.EDIT)
    values = body.model_dump(exclude_unset=True)
    actions.update_journey(journey_id, values, now=utc_now(), user_id=principal(request).user_id)
    return _reload(journey_id)


@router.delete("/journeys/{int:journey_id}", response={204: None}, operation_id="journeys_delete")
def delete_journey(request: HttpRequest, journey_id: int) -> Status[None]:
    """Remove a journey that does not run."""
    get_permitted(request, journey_id, Permission.EDIT)
    actions.delete_journey(journey_id)
    return Status(204, None)


@router.post("/journeys/{int:journey_id}/check", response=JourneyCheckOut, operation_id="journeys_check")
def check_journey(request: HttpRequest, journey_id: int) -> JourneyCheckOut:
    """Check for errors."""
    get_permitted(request, journey_id, Permission.VIEW)
    report = actions.check(journey_id, utc_now())
    tiles = [{"tile": tile, "verdict": verdict} for tile, verdict in report.tiles]
    problems = [asdict(problem) for problem in report.problems]
    return JourneyCheckOut.model_validate({"verdict": report.verdict, "problems": problems, "tiles": tiles})


@router.get("/journeys/{int:journey_id}/blast-radius", response=BlastRadiusOut, operation_id="journeys_blast_radius")
def get_blast_radius(request: HttpRequest, journey_id: int) -> BlastRadiusOut:
    """Count who would enter if the journey went live now."""
    get_permitted(request, journey_id, Permission.VIEW)
    found = queries.measure_blast_radius(journey_id, utc_now(), unit_ids=visible_units(request))
    return BlastRadiusOut.model_validate(asdict(found))


@router.post("/journeys/{int:journey_id}/go-live", response=GoLiveOut, operation_id="journeys_go_live")
def go_live(request: HttpRequest, journey_id: int) -> GoLiveOut:
    """Check, freeze and start; or go on where people stood."""
    get_permitted(request, journey_id, Permission.GO_LIVE)
    person = principal(request)
    done = actions.go_live(journey_id, now=utc_now(), user_id=person.user_id, unit_ids=visible_units(request))
    radius = BlastRadiusOut.model_validate(asdict(done.blast_radius))
    return GoLiveOut(journey=_reload(journey_id), version=done.version, blast_radius=radius)


@router.post("/journeys/{int:journey_id}/stop", response=JourneyOut, operation_id="journeys_stop")
def stop(request: HttpRequest, journey_id: int) -> JourneyOut:
    """Halt; people stay where they stand."""
    get_permitted(request, journey_id, Permission.GO_LIVE)
    actions.stop(journey_id, now=utc_now(), user_id=principal(request).user_id)
    return _reload(journey_id)


@router.post("/journeys/{int:journey_id}/edit", response=JourneyOut, operation_id="journeys_edit")
def edit(request: HttpRequest, journey_id: int) -> JourneyOut:
    """Open a live journey for editing; what is live keeps running until it goes live again."""
    get_permitted(request, journey_id, Permission.EDIT)
    actions.edit(journey_id, now=utc_now(), user_id=principal(request).user_id)
    return _reload(journey_id)


@router.post("/journeys/{int:journey_id}/cancel-edit", response=JourneyOut, operation_id="journeys_cancel_edit")
def cancel_edit(request: HttpRequest, journey_id: int) -> JourneyOut:
    """Throw away what was changed since Edit."""
    get_permitted(request, journey_id, Permission.EDIT)
    actions.cancel_edit(journey_id, now=utc_now(), user_id=principal(request).user_id)
    return _reload(journey_id)


@router.post("/journeys/{int:journey_id}/copy", response={201: JourneyOut}, operation_id="journeys_copy")
def copy(request: HttpRequest, journey_id: int, query: Query[CopyQuery]) -> Status[JourneyOut]:
    """Draw the same journey again as a draft of the caller's business unit."""
    get_permitted(request, journey_id, Permission.VIEW)
    person = require(request, Permission.EDIT)
    author = Author(person.user_id, person.business_unit_id)
    return Status(201, _reload(actions.copy_journey(journey_id, author=author, now=utc_now(), name=query.name)))


@router.get("/journeys/{int:journey_id}/milestones", response=PageOf[MilestoneOut], operation_id="journeys_milestones")
def list_milestones(request: HttpRequest, journey_id: int, query: Query[PageQuery]) -> Page[MilestoneOut]:
    """List what happened to a journey, the latest first."""
    get_permitted(request, journey_id, Permission.VIEW)
    page = MILESTONES.page(Milestone.objects.filter(journey_id=journey_id), query)
    names = find_user_names(each.user_id for each in page.items)
    items = [
        MilestoneOut.model_validate({**_plain(each), "user_name": names.get(each.user_id or 0, "")})
        for each in page.items
    ]
    return Page(items, page.next_cursor, page.total)


@router.get(
    "/journeys/{int:journey_id}/contacts/{int:contact_id}", response=StandingOut, operation_id="journeys_standing"
)
def get_standing(request: HttpRequest, journey_id: int, contact_id: int) -> StandingOut:
    """Say where a person stands, since when, what for, or why they stopped, with the whole way they took."""
    get_permitted(request, journey_id, Permission.VIEW)
    check_object(get_contact(contact_id).business_unit_id, principal(request), Permission.VIEW)
    return StandingOut.model_validate(asdict(queries.find_standing(journey_id, contact_id, utc_now())))
