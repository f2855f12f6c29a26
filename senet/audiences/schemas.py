"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from senet.shared.paging import PageQuery
from senet.shared.schemas import ProblemOut

Definition = dict[str, Any]  # the drawn tree's JSON; `definition.py` reads it and finds what is wrong
Ids = list[int]


class SegmentOut(Schema):
    """A segment."""

    id: int
    name: str
    description: str
    kind: str
    definition: Definition
    time_zone: str
    status: str
    size: int | None = Field(description="Members; null until first evaluated.")
    evaluated_at: datetime | None
    evaluation_seconds: float | None
    evaluation_error: str = Field(description="Why the last evaluation failed; empty when it did not.")
    progress: float = Field(description="Of going live, 0 to 1.")
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class SegmentIn(Schema):
    """A new segment."""

    name: str = Field(max_length=200)
    kind: Literal["static", "dynamic"] = "dynamic"
    definition: Definition = Field(default_factory=dict)
    time_zone: str = Field("UTC", max_length=64)
    description: str = Field("", max_length=2000)


class SegmentChange(Schema):
    """What to change; what is left out stays."""

    name: str | None = Field(None, max_length=200)
    kind: Literal["static", "dynamic"] | None = None
    definition: Definition | None = None
    time_zone: str | None = Field(None, max_length=64)
    description: str | None = Field(None, max_length=2000)


class SegmentQuery(PageQuery):
    """Filters of the list."""

    status: str | None = None
    kind: str | None = None


class EstimateIn(Schema):
    """A definition to try."""

    definition: Definition
    time_zone: str = Field("UTC", max_length=64)


class PersonOut(Schema):
    """Somebody in an audience."""

    id: int
    name: str
    email: str


class EstimateOut(Schema):
    """How many a definition would select, and some of them."""

    size: int
    sample: list[PersonOut]


class SegmentCheckOut(Schema):
    """Everything that a check found; an empty list is good news."""

    problems: list[ProblemOut]


class EvaluationOut(Schema):
    """What an evaluation did."""

    added: int
    removed: int
    size: int
    seconds: float
    full: bool
    skipped: bool


class MembersChange(Schema):
    """Who joins and who leaves: by ids, or (segments only) everybody whom a definition selects now."""

    add: Ids = Field(default_factory=list, max_length=20_000)
    remove: Ids = Field(default_factory=list, max_length=20_000)
    add_by: Definition | None = None
    remove_by: Definition | None = None


class MembersChanged(Schema):
    """How many joined and left."""

    added: int
    removed: int


class MemberOut(Schema):
    """A member, since when."""

    id: int
    name: str
    email: str
    country: str
    active: bool
    joined_at: datetime
    source: str


class ListOut(Schema):
    """A subscription list."""

    id: int
    name: str
    description: str
    public: bool
    size: int
    owner_id: int | None
    business_unit_id: int
    created_at: datetime


class ListIn(Schema):
    """A new subscription list."""

    name: str = Field(max_length=200)
    description: str = Field("", max_length=2000)
    public: bool = Field(True, description="Shown in the subscription centre.")


class ListChange(Schema):
    """What to change; what is left out stays."""

    name: str | None = Field(None, max_length=200)
    description: str | None = Field(None, max_length=2000)
    public: bool | None = None


class ListQuery(PageQuery):
    """Filters of the lists."""

    public: bool | None = None


class OperatorOut(Schema):
    """One operator of a kind of column."""

    operator: str
    label: str
    needs: str = Field(description="nothing, value, values, two, span (amount and unit) or days (amount).")


class FieldOut(Schema):
    """One column that a segment may ask about."""

    key: str
    label: str
    kind: str
    entity: str
    options: list[str]


class FieldsOut(Schema):
    """Everything that a builder needs to draw a definition."""

    fields: list[FieldOut]
    operators: dict[str, list[OperatorOut]] = Field(description="By kind of column.")
    units: list[str]
    max_depth: int
    max_clauses: int
