"""Private to this room: the rows behind contacts, companies, leads, custom columns and imports.

Indexes that Django cannot spell are in migrations/0002_changes.py: the lower-case email and company name by pattern.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Collate, Lower

# PostgreSQL fills it in: the transaction that wrote the row, which the shipper follows.
CHANGED_XID = models.Func(function="senet_xid", output_field=models.BigIntegerField())


class Company(models.Model):
    """An organisation that contacts belong to (the replaced product calls it an account)."""

    external_id = models.TextField(null=True)
    name = models.TextField()
    website = models.TextField(default="")
    industry = models.TextField(default="")
    employees = models.IntegerField(null=True)
    country = models.TextField(default="")
    city = models.TextField(default="")
    custom = models.JSONField(default=dict, db_default={})
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(  # NULL: nobody's doing, or nobody noted it
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "company"
        constraints = [models.UniqueConstraint("external_id", name="company_external_id_once")]
        indexes = [models.Index(Collate(Lower("name"), "C"), "id", name="company_by_name")]


class Contact(models.Model):
    """A person who can be written to."""

    external_id = models.TextField(null=True)
    first_name = models.TextField(db_default="")
    last_name = models.TextField(db_default="")
    email = models.TextField(db_default="")
    mobile_phone = models.TextField(db_default="")
    street = models.TextField(db_default="")
    city = models.TextField(db_default="")
    region = models.TextField(db_default="")
    postal_code = models.TextField(db_default="")
    country = models.TextField(db_default="")  # ISO 3166 alpha-2, upper case
    language = models.TextField(db_default="")  # BCP 47
    time_zone = models.TextField(db_default="")  # IANA
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, db_index=False)
    consent_level = models.SmallIntegerField(db_default=4)  # 0 none … 5 profiling
    do_not_email = models.BooleanField(db_default=False)
    do_not_bulk_email = models.BooleanField(db_default=False)
    tracking_allowed = models.BooleanField(db_default=True)
    active = models.BooleanField(db_default=True)
    custom = models.JSONField(default=dict, db_default={})
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(  # NULL: nobody's doing, or nobody noted it
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())
    changed_xid = models.BigIntegerField(db_default=CHANGED_XID)
    # Which import wrote the row last, and from which line: tells a line that repeats an earlier one of its file.
    import_run_id = models.BigIntegerField(null=True)
    import_line = models.BigIntegerField(null=True)

    class Meta:
        db_table = "contact"
        # External ids are unique where there are any; the index is partial so that contacts without one cost nothing.
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=models.Q(external_id__isnull=False), name="contact_external_id_once"
            )
        ]
        indexes = [
            # In "C" order an index serves both the search by first letters and the sort, on any server.
            models.Index(
                Collate(Lower("last_name"), "C"), Collate(Lower("first_name"), "C"), "id", name="contact_by_name"
            ),
            models.Index(Collate(Lower("first_name"), "C"), name="contact_by_first_name"),
        ]


class Lead(models.Model):
    """Somebody who may buy: a person, or a company as a whole, and where the interest came from."""

    topic = models.TextField(db_default="")
    first_name = models.TextField(db_default="")
    last_name = models.TextField()
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    company_name = models.TextField(db_default="")
    # No constraints in the database: a journey's tile makes leads of everybody at once.
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, db_constraint=False, db_index=False)
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, db_constraint=False, db_index=False)
    for_company = models.BooleanField(db_default=False)  # of the company as a whole, not of a person in it
    # What it came from; journeys and emails are other rooms' records.
    journey_id = models.BigIntegerField(null=True)
    iteration = models.IntegerField(null=True)
    tile = models.IntegerField(null=True)
    email_id = models.BigIntegerField(null=True)  # the mail that it followed
    status = models.TextField(db_default="open")  # open, qualified, disqualified
    custom = models.JSONField(default=dict, db_default={})
    owner = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    business_unit = models.ForeignKey(
        "accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "lead"
        constraints = [
            models.UniqueConstraint(
                fields=["journey_id", "iteration", "tile", "contact"],
                condition=models.Q(for_company=False, contact__isnull=False, journey_id__isnull=False),
                name="lead_once",
            ),
            models.UniqueConstraint(
                fields=["journey_id", "iteration", "tile", "company"],
                condition=models.Q(for_company=True, company__isnull=False, journey_id__isnull=False),
                name="lead_once_a_company",
            ),
        ]
        indexes = [
            models.Index(fields=["contact"], condition=models.Q(contact__isnull=False), name="lead_contact"),
            models.Index(fields=["company"], condition=models.Q(company__isnull=False), name="lead_company"),
            models.Index(
                Collate(Lower("last_name"), "C"), Collate(Lower("first_name"), "C"), "id", name="lead_by_name"
            ),
            models.Index(Collate(Lower("first_name"), "C"), name="lead_by_first_name"),
            models.Index(Collate(Lower("company_name"), "C"), name="lead_by_company_name"),
            models.Index(Collate(Lower("email"), "C"), name="lead_by_email"),
        ]


class CustomColumn(models.Model):
    """A typed column of an organisation's own, kept in the record's `custom` object."""

    entity = models.TextField(choices=[("contact", "contact"), ("company", "company"), ("lead", "lead")])
    key = models.TextField()
    label = models.TextField()
    kind = models.TextField(
        choices=[(kind, kind) for kind in ("text", "number", "boolean", "date", "datetime", "choice", "choices")]
    )
    options = models.JSONField(default=list)
    option_labels = models.JSONField(default=dict, db_default={})  # option → language → label

    class Meta:
        db_table = "custom_column"
        constraints = [models.UniqueConstraint("entity", "key", name="custom_column_once")]


class ImportRun(models.Model):
    """One import of a CSV file: what was asked for, how far it is, and how it ended."""

    status = models.TextField(default="waiting")  # waiting, running, done, failed, interrupted
    filename = models.TextField()
    path = models.TextField()  # of the file as it was received
    key = models.TextField()  # email or external_id
    mapping = models.JSONField()  # heading → column
    options = models.JSONField(default=dict)
    encoding = models.TextField(default="")
    warnings = models.JSONField(default=list)
    error = models.TextField(default="")
    total_rows = models.BigIntegerField(null=True)
    processed = models.BigIntegerField(default=0)  # rows that are settled; committed with their contacts
    last_line = models.BigIntegerField(default=0)  # the file's line that the last settled row began on
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "import_run"


class ImportRejection(models.Model):
    """One row of a file that did not become a contact, with every reason; its values are read from the file again."""

    pk = models.CompositePrimaryKey("run_id", "line")
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, db_index=False)
    line = models.BigIntegerField()
    reasons = models.JSONField()  # [[code, column, detail], …]

    class Meta:
        db_table = "import_rejection"
