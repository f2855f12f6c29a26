"""What the API reads and writes about people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from senet.shared.paging import PageQuery

Custom = dict[str, bool | int | float | str | list[str] | None]


class ContactFields(Schema):
    """The columns of a contact that one may write. None of them is needed; texts are trimmed and normalised."""

    external_id: str | None = None
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    mobile_phone: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = Field(default="", description="ISO 3166 alpha-2, or a name that we know.")
    language: str = Field(default="", description="BCP 47, such as de or pt-BR.")
    time_zone: str = Field(default="", description="IANA, such as Europe/Berlin.")
    company_id: int | None = None
    consent_level: int = Field(default=4, ge=0, le=5)
    do_not_email: bool = False
    do_not_bulk_email: bool = False
    tracking_allowed: bool = True
    active: bool = True
    custom: Custom = Field(default_factory=dict)
    owner_id: int | None = None
    business_unit_id: int = 0


class ContactOut(Schema):
    """A contact."""

    id: int
    name: str
    external_id: str | None
    first_name: str
    last_name: str
    email: str
    mobile_phone: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    language: str
    time_zone: str
    company_id: int | None
    company_name: str
    consent_level: int
    do_not_email: bool
    do_not_bulk_email: bool
    tracking_allowed: bool
    active: bool
    custom: dict[str, Any]  # typed by the custom columns' definitions
    owner_id: int | None
    created_by_id: int | None = Field(description="Who made the record, as far as that is known.")
    business_unit_id: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_name(row: Any) -> str:  # a row, or what a test makes of one
        """Both names, as far as they are known."""
        return f"{row.first_name} {row.last_name}".strip()

    @staticmethod
    def resolve_company_name(row: Any) -> str:  # a row, or what a test makes of one
        """The company's name, fetched with the contact."""
        return row.company.name if row.company is not None else ""


class ContactQuery(PageQuery):
    """What contacts can be filtered by."""

    country: str | None = Field(default=None, max_length=100)
    city: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=100)
    email: str | None = Field(default=None, max_length=254)
    external_id: str | None = Field(default=None, max_length=200)
    active: bool | None = None
    do_not_email: bool | None = None
    do_not_bulk_email: bool | None = None
    tracking_allowed: bool | None = None
    consent_level: int | None = None
    company_id: int | None = None
    owner_id: int | None = None
    business_unit_id: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


class CompanyFields(Schema):
    """The columns of a company that one may write."""

    external_id: str | None = None
    name: str = ""
    website: str = ""
    industry: str = ""
    employees: int | None = Field(default=None, ge=0, le=2_000_000_000)
    country: str = ""
    city: str = ""
    custom: Custom = Field(default_factory=dict)
    owner_id: int | None = None
    business_unit_id: int = 0


class CompanyOut(Schema):
    """A company."""

    id: int
    external_id: str | None
    name: str
    website: str
    industry: str
    employees: int | None
    country: str
    city: str
    custom: dict[str, Any]  # typed by the custom columns' definitions
    owner_id: int | None
    created_by_id: int | None = Field(description="Who made the record, as far as that is known.")
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class CompanyQuery(PageQuery):
    """What companies can be filtered by."""

    country: str | None = Field(default=None, max_length=100)
    city: str | None = Field(default=None, max_length=200)
    industry: str | None = Field(default=None, max_length=200)
    external_id: str | None = Field(default=None, max_length=200)
    owner_id: int | None = None
    business_unit_id: int | None = None


LeadStatus = Literal["open", "qualified", "disqualified"]


class LeadFields(Schema):
    """The columns of a lead that one may write. A new one needs a last name."""

    topic: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = Field(default="", description="With + and the country's code.")
    company_name: str = ""
    contact_id: int | None = None
    company_id: int | None = None
    status: LeadStatus = "open"
    custom: Custom = Field(default_factory=dict)
    owner_id: int | None = None
    business_unit_id: int = 0


class LeadOut(Schema):
    """A lead, and what it came from."""

    id: int
    name: str
    topic: str
    first_name: str
    last_name: str
    email: str
    phone: str
    company_name: str
    contact_id: int | None
    company_id: int | None
    for_company: bool = Field(description="Made for the company as a whole.")
    journey_id: int | None
    iteration: int | None
    tile: int | None
    email_id: int | None
    status: LeadStatus
    custom: dict[str, Any]  # typed by the custom columns' definitions
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_name(row: Any) -> str:  # a row, or what a test makes of one
        """Both names, as far as they are known."""
        return f"{row.first_name} {row.last_name}".strip()


class LeadQuery(PageQuery):
    """What leads can be filtered by."""

    status: LeadStatus | None = None
    email: str | None = Field(default=None, max_length=254)
    contact_id: int | None = None
    company_id: int | None = None
    journey_id: int | None = None
    tile: int | None = None
    email_id: int | None = None
    owner_id: int | None = None
    business_unit_id: int | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


Kind = Literal["text", "number", "boolean", "date", "datetime", "choice", "choices"]
Entity = Literal["contact", "company", "lead"]
OptionLabels = dict[str, dict[str, str]]


class CustomColumnIn(Schema):
    """A new column of the organisation's own."""

    entity: Entity = "contact"
    key: str = Field(max_length=63)
    label: str = Field(default="", max_length=200)
    kind: Kind
    options: list[str] = Field(default_factory=list, max_length=500)
    option_labels: OptionLabels = Field(default_factory=dict, description="Option → language → label.")


class CustomColumnChange(Schema):
    """What may change of a custom column."""

    label: str | None = Field(default=None, max_length=200)
    options: list[str] | None = Field(default=None, max_length=500)
    option_labels: OptionLabels | None = None


class CustomColumnOut(Schema):
    """A custom column."""

    id: int
    entity: Entity
    key: str
    label: str
    kind: Kind
    options: list[str]
    option_labels: OptionLabels


class CustomColumnQuery(PageQuery):
    """What custom columns can be filtered by."""

    entity: Entity | None = None


class ImportOut(Schema):
    """An import: processed = created + updated + unchanged + rejected."""

    id: int
    status: Literal["waiting", "running", "done", "failed", "interrupted"]
    filename: str
    key: str
    mapping: dict[str, str]
    encoding: str
    warnings: list[str]
    error: str
    total_rows: int | None
    processed: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportPreview(Schema):
    """What a file looks like, and which heading seems to mean which column."""

    columns: list[str]
    rows: list[list[str]]
    mapping: dict[str, str]
    targets: list[str]
    encoding: str
    delimiter: str
    warnings: list[str]


class ExportQuery(Schema):
    """How a file is written."""

    safe: bool = Field(default=True, description="Put an apostrophe before what a spreadsheet would execute.")
