"""Routes of this room: segments, what a builder needs, and what is tried before going live."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.audiences import actions, queries
from senet.audiences.definition import MAX_CLAUSES, MAX_DEPTH, parse_definition
from senet.audiences.errors import SegmentNotFound
from senet.audiences.fields import load_catalogue
from senet.audiences.list_api import router as list_router
from senet.audiences.member_api import MEMBER_HEADER, commits_by_itself, member_rows, visible_units
from senet.audiences.members import Member, iterate_members, list_members
from senet.audiences.models import Segment
from senet.audiences.operators import OPERATORS
from senet.audiences.schemas import (
    EstimateIn,
    EstimateOut,
    EvaluationOut,
    FieldOut,
    FieldsOut,
    MemberOut,
    MembersChange,
    MembersChanged,
    OperatorOut,
    PersonOut,
    SegmentChange,
    SegmentCheckOut,
    SegmentIn,
    SegmentOut,
    SegmentQuery,
)
from senet.audiences.values import Evaluation
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort
from senet.shared.schemas import ProblemOut

router = Router(tags=["audiences"])
router.add_router("", list_router)

SEGMENTS = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "status": Sort("status"),
        "kind": Sort("kind"),
        "size": Sort("size", nullable=True),
        "evaluated_at": Sort("evaluated_at", nullable=True),
        "updated_at": Sort("updated_at"),
        "created_at": Sort("created_at"),
    },
    filters={"status": "status", "kind": "kind"},
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
)
_CSV = ("id", "name", "kind", "status", "size", "time_zone", "description", "evaluated_at", "created_at", "updated_at")


def _get(request: HttpRequest, segment_id: int, permission: Permission) -> Segment:
    segment = Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        raise SegmentNotFound
    try:
        check_object(segment.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise SegmentNotFound from error
    return segment


@router.get("/segments", response=PageOf[SegmentOut])
def list_segments(request: HttpRequest, query: Query[SegmentQuery]) -> Page[Segment]:
    """List segments."""
    return SEGMENTS.page(visible(Segment.objects.all(), principal(request)), query)


@router.post("/segments", response={201: SegmentOut})
def create_segment(request: HttpRequest, body: SegmentIn) -> Status[Segment]:
    """Draw up a segment."""
    person = require(request, Permission.EDIT)
    made = actions.create_segment(
        **body.model_dump(), business_unit_id=person.business_unit_id, owner_id=person.user_id
    )
    return Status(201, Segment.objects.get(pk=made))


@router.get("/segments/export.csv", response=None)
def export_segments(request: HttpRequest, query: Query[SegmentQuery]) -> StreamingHttpResponse:
    """Download the list, with the same search and filters."""
    person = require(request, Permission.EXPORT)
    rows = SEGMENTS.order(SEGMENTS.narrow(visible(Segment.objects.all(), person), query), query)
    return stream_csv(request, "segments.csv", _CSV, rows.values_list(*_CSV).iterator(chunk_size=2000))


@router.get("/segment-fields", response=FieldsOut)
def list_segment_fields(request: HttpRequest) -> FieldsOut:
    """Return the columns and operators that a definition may use."""
    require(request, Permission.VIEW)
    return FieldsOut(
        fields=[
            FieldOut(key=one.key, label=one.label, kind=one.kind, entity=one.entity, options=list(one.options))
            for one in load_catalogue().values()
        ],
        operators={
            kind.value: [OperatorOut(operator=one.operator, label=one.label, needs=one.needs) for one in usages]
            for kind, usages in OPERATORS.items()
        },
        units=["days", "weeks", "months", "years"],
        max_depth=MAX_DEPTH,
        max_clauses=MAX_CLAUSES,
    )


@router.post("/segments/estimate", response=EstimateOut)
def estimate_segment(request: HttpRequest, body: EstimateIn) -> EstimateOut:
    """Count whom a definition would select, and show some of those whom the viewer may see."""
    person = require(request, Permission.VIEW)
    definition, now = parse_definition(body.definition), utc_now()
    size = queries.estimate(definition, body.time_zone, now)
    found = queries.sample(definition, body.time_zone, now, unit_ids=visible_units(person))
    return EstimateOut(size=size, sample=[PersonOut(id=one.id, name=one.name, email=one.email) for one in found])


@router.get("/segments/{int:segment_id}", response=SegmentOut)
def get_segment(request: HttpRequest, segment_id: int) -> Segment:
    """Return a segment."""
    return _get(request, segment_id, Permission.VIEW)


@router.patch("/segments/{int:segment_id}", response=SegmentOut)
def change_segment(request: HttpRequest, segment_id: int, body: SegmentChange) -> Segment:
    """Change a segment; what is fixed in its state is refused."""
    _get(request, segment_id, Permission.EDIT)
    actions.change_segment(segment_id, body.model_dump(exclude_none=True))
    return _get(request, segment_id, Permission.VIEW)


@router.delete("/segments/{int:segment_id}", response={204: None})
@commits_by_itself
def delete_segment(request: HttpRequest, segment_id: int, force: bool = False) -> Status[None]:
    """Delete a segment that is not live; `force` although something live uses it."""
    _get(request, segment_id, Permission.EDIT)
    actions.delete_segment(segment_id, utc_now(), force=force)
    return Status(204, None)


@router.post("/segments/{int:segment_id}/check", response=SegmentCheckOut)
def check_segment(request: HttpRequest, segment_id: int) -> SegmentCheckOut:
    """Return everything that is wrong with a segment."""
    _get(request, segment_id, Permission.VIEW)
    found = queries.check_segment(segment_id)
    return SegmentCheckOut(problems=[ProblemOut.from_orm(problem) for problem in found])


@router.post("/segments/{int:segment_id}/go-live", response=SegmentOut)
def go_live_segment(request: HttpRequest, segment_id: int) -> Segment:
    """Let a segment go live; its members are found in the background."""
    _get(request, segment_id, Permission.GO_LIVE)
    actions.go_live(segment_id)
    return _get(request, segment_id, Permission.VIEW)


@router.post("/segments/{int:segment_id}/stop", response=SegmentOut)
def stop_segment(request: HttpRequest, segment_id: int, force: bool = False) -> Segment:
    """Stop a segment; `force` although something live uses it."""
    _get(request, segment_id, Permission.GO_LIVE)
    actions.stop(segment_id, force=force)
    return _get(request, segment_id, Permission.VIEW)


@router.post("/segments/{int:segment_id}/evaluate", response=EvaluationOut)
@commits_by_itself
def evaluate_segment(request: HttpRequest, segment_id: int) -> Evaluation:
    """Bring a live segment's membership up to date now."""
    _get(request, segment_id, Permission.EDIT)
    return actions.evaluate_segment(segment_id, utc_now())


@router.get("/segments/{int:segment_id}/members", response=PageOf[MemberOut])
def list_segment_members(request: HttpRequest, segment_id: int, query: Query[PageQuery]) -> Page[Member]:
    """List the members whom the viewer may see."""
    _get(request, segment_id, Permission.VIEW)
    return list_members("segment", segment_id, query, unit_ids=visible_units(principal(request)))


@router.post("/segments/{int:segment_id}/members", response=MembersChanged)
@commits_by_itself
def change_segment_members(request: HttpRequest, segment_id: int, body: MembersChange) -> MembersChanged:
    """Add and remove members of a static segment, by ids or by a definition."""
    _get(request, segment_id, Permission.EDIT)
    now = utc_now()
    added = actions.add_members(segment_id, body.add, now=now)
    removed = actions.remove_members(segment_id, body.remove, now=now)
    if body.add_by is not None:
        added += actions.add_members_by_query(segment_id, body.add_by, now=now)
    if body.remove_by is not None:
        removed += actions.remove_members_by_query(segment_id, body.remove_by, now=now)
    return MembersChanged(added=added, removed=removed)


@router.get("/segments/{int:segment_id}/members.csv", response=None)
def export_segment_members(request: HttpRequest, segment_id: int) -> StreamingHttpResponse:
    """Download the members whom the viewer may see."""
    segment = _get(request, segment_id, Permission.EXPORT)
    found = iterate_members("segment", segment.pk, unit_ids=visible_units(principal(request)))
    return stream_csv(request, f"segment-{segment.pk}.csv", MEMBER_HEADER, member_rows(found))
