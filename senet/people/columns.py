"""The columns of contacts and companies: what each holds, how long, and what files call it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One built-in column as a file, a form or a segment sees it."""

    name: str
    kind: str  # text, email, phone, country, language, time_zone, consent, boolean
    label: str
    limit: int = 1_000
    aliases: tuple[str, ...] = ()


CONTACT_COLUMNS: tuple[Column, ...] = (
    Column("external_id", "text", "External id", 200, ("id", "customer id", "contact id", "crm id", "kundennummer")),
    Column("first_name", "text", "First name", 200, ("given name", "forename", "vorname", "prénom", "fname")),
    Column("last_name", "text", "Last name", 200, ("surname", "family name", "nachname", "nom", "lname", "name")),
    Column("email", "email", "Email", 254, ("e-mail", "email address", "e-mail address", "mail", "e-mail-adresse")),
    Column("mobile_phone", "phone", "Mobile phone", 50, ("phone", "mobile", "cell", "telephone", "handy", "telefon")),
    Column("street", "text", "Street", 500, ("address", "address line 1", "street address", "straße", "strasse")),
    Column("city", "text", "City", 200, ("town", "ort", "stadt", "ville")),
    Column("region", "text", "Region", 200, ("state", "province", "county", "bundesland")),
    Column("postal_code", "text", "Postal code", 40, ("zip", "zip code", "postcode", "plz", "code postal")),
    Column("country", "country", "Country", 100, ("country code", "land", "pays")),
    Column("language", "language", "Language", 100, ("locale", "sprache", "langue")),
    Column("time_zone", "time_zone", "Time zone", 100, ("timezone", "tz", "zeitzone")),
    Column("company", "text", "Company", 300, ("company name", "account", "organisation", "organization", "firma")),
    Column("company_external_id", "text", "Company external id", 200, ("company id", "account id")),
    Column("consent_level", "consent", "Consent level", 10, ("consent", "consent given")),
    Column("do_not_email", "boolean", "Do not email", 10, ("no email",)),
    Column("do_not_bulk_email", "boolean", "Do not bulk email", 10, ("no bulk email", "unsubscribed", "opt out")),
    Column("tracking_allowed", "boolean", "Tracking allowed", 10, ("allow tracking", "tracking")),
    Column("active", "boolean", "Active", 10, ("is active", "enabled")),
)
CONTACT_COLUMN: dict[str, Column] = {column.name: column for column in CONTACT_COLUMNS}
COMPANY_TEXTS: dict[str, int] = {"name": 300, "external_id": 200, "website": 500, "industry": 200, "city": 200}
LEAD_TEXTS: dict[str, int] = {
    "topic": 300, "first_name": 200, "last_name": 200, "company_name": 300,
}  # fmt: skip
# Names that templates give a meaning of their own: a custom column may not take them.
RESERVED_KEYS = frozenset(
    {*CONTACT_COLUMN, *COMPANY_TEXTS, "id", "name", "owner", "custom", "employees", "created_at", "updated_at"}
    | {"contacts", "labels", "leads", "lists"}  # what a record has many of, and what its options are called
)
