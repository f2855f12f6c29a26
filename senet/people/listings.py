"""What the lists of people may be sorted, searched and filtered by: no other name reaches SQL."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Collate, Lower
from django.db.models.lookups import Exact, StartsWith

from senet.shared.paging import Listing, Sort


def _begins(column: str, text: str) -> Q:
    """A column in "C" order begins with a text; its index serves it."""
    return Q(StartsWith(Collate(Lower(column), "C"), text.lower()))


def search_contacts(text: str) -> Q:
    """Every word begins a name, the address or the external id."""
    condition = Q()
    for word in text.split()[:5]:
        condition &= (
            _begins("last_name", word)
            | _begins("first_name", word)
            | Q(StartsWith(Lower("email"), word.lower()))
            | Q(external_id=word)
        )
    return condition


def search_companies(text: str) -> Q:
    """The name begins with the text."""
    return Q(StartsWith(Lower("name"), text.lower())) | Q(external_id=text)


def search_leads(text: str) -> Q:
    """Every word begins a name, the company's name or the address."""
    condition = Q()
    for word in text.split()[:5]:
        condition &= (
            _begins("last_name", word)
            | _begins("first_name", word)
            | _begins("company_name", word)
            | _begins("email", word)
        )
    return condition


CONTACTS = Listing(
    sorts={
        "name": Sort("last_name", "first_name", folded=True),
        "first_name": Sort("first_name", folded=True),
        "email": Sort("email", folded=True),
        "city": Sort("city", folded=True),
        "country": Sort("country"),
        "consent_level": Sort("consent_level"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "country": lambda value: Q(country=value.upper()),
        "city": "city__iexact",
        "language": "language__iexact",
        "email": lambda value: Q(Exact(Lower("email"), value.strip().lower())),
        "external_id": "external_id",
        "active": "active",
        "do_not_email": "do_not_email",
        "do_not_bulk_email": "do_not_bulk_email",
        "tracking_allowed": "tracking_allowed",
        "consent_level": "consent_level",
        "company_id": "company_id",
        "owner_id": "owner_id",
        "business_unit_id": "business_unit_id",
        "created_from": "created_at__gte",
        "created_to": "created_at__lt",
    },
    search=search_contacts,
)
COMPANIES = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "city": Sort("city", folded=True),
        "country": Sort("country"),
        "industry": Sort("industry", folded=True),
        "employees": Sort("employees", nullable=True),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "country": lambda value: Q(country=value.upper()),
        "city": "city__iexact",
        "industry": "industry__iexact",
        "external_id": "external_id",
        "owner_id": "owner_id",
        "business_unit_id": "business_unit_id",
    },
    search=search_companies,
)
LEADS = Listing(
    sorts={
        "name": Sort("last_name", "first_name", folded=True),
        "company_name": Sort("company_name", folded=True),
        "topic": Sort("topic", folded=True),
        "status": Sort("status"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "status": "status",
        "email": lambda value: Q(Exact(Collate(Lower("email"), "C"), value.strip().lower())),
        "contact_id": "contact_id",
        "company_id": "company_id",
        "journey_id": "journey_id",
        "tile": "tile",
        "email_id": "email_id",
        "owner_id": "owner_id",
        "business_unit_id": "business_unit_id",
        "created_from": "created_at__gte",
        "created_to": "created_at__lt",
    },
    search=search_leads,
)
CUSTOM_COLUMNS = Listing(
    sorts={"key": Sort("key"), "label": Sort("label", folded=True)},
    filters={"entity": "entity"},
    search=lambda text: Q(label__icontains=text) | Q(key__icontains=text),
    default_sort="key",
)
IMPORTS = Listing(sorts={"created_at": Sort("created_at"), "filename": Sort("filename"), "status": Sort("status")})
