"""Private to this room: the rows behind contacts, companies and custom columns."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

# PostgreSQL fills it in: the transaction that wrote the row, which the shipper follows.
CHANGED_XID = models.Func(function="senet_xid", output_field=models.BigIntegerField())


class Company(models.Model):
    """An organisation that contacts belong to (the replaced product calls it an account)."""

    external_id = models.TextField(null=True, unique=True)
    name = models.TextField()
    website = models.TextField(default="")
    industry = models.TextField(default="")
    employees = models.IntegerField(null=True)
    country = models.TextField(default="")
    city = models.TextField(default="")
    custom = models.JSONField(default=dict, db_default={})
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "company"


class Contact(models.Model):
    """A person who can be written to."""

    external_id = models.TextField(null=True, unique=True)
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
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL)
    consent_level = models.SmallIntegerField(db_default=4)  # 0 none … 5 profiling
    do_not_email = models.BooleanField(db_default=False)
    do_not_bulk_email = models.BooleanField(db_default=False)
    tracking_allowed = models.BooleanField(db_default=True)
    active = models.BooleanField(db_default=True)
    custom = models.JSONField(default=dict, db_default={})
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    updated_at = models.DateTimeField(db_default=models.functions.Now())
    changed_xid = models.BigIntegerField(db_default=CHANGED_XID)

    class Meta:
        db_table = "contact"
        indexes = [models.Index(Lower("email"), name="contact_email_key")]


class CustomColumn(models.Model):
    """A typed column of an organisation's own, kept in the record's `custom` object."""

    entity = models.TextField(choices=[("contact", "contact"), ("company", "company")])
    key = models.TextField()
    label = models.TextField()
    kind = models.TextField(
        choices=[(kind, kind) for kind in ("text", "number", "boolean", "date", "datetime", "choice", "choices")]
    )
    options = models.JSONField(default=list)

    class Meta:
        db_table = "custom_column"
        constraints = [models.UniqueConstraint("entity", "key", name="custom_column_once")]
