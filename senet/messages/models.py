"""Private to this room: suppressions, the quota, sending limits. The outbox itself is written by SQL alone."""

from __future__ import annotations

from django.db import models


class Suppression(models.Model):
    """An address, a domain or a local part that is not written to. One row a key, also after it was released."""

    key = models.TextField()  # lower case: "ada@example.com", "@example.com" or "office@"
    cause = models.TextField()  # a value of suppression.Cause
    category = models.TextField(db_default="")  # of the bounce
    reason = models.TextField(db_default="")  # the server's words, or a colleague's
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # NULL: for ever
    message_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "suppression"
        constraints = [models.UniqueConstraint(fields=["key"], name="suppression_key_once")]


class SuppressionChange(models.Model):
    """What happened to a suppression, when, and by whom: never changed, never deleted."""

    key = models.TextField()
    change = models.TextField()  # suppressed, released
    cause = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    message_id = models.BigIntegerField(null=True)
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )  # NULL: a bounce or a complaint
    note = models.TextField(db_default="")

    class Meta:
        db_table = "suppression_change"
        indexes = [models.Index(fields=["key", "id"], name="suppression_change_key")]


class MailQuota(models.Model):
    """How many mails were queued in a month, where their number is limited."""

    month = models.DateField(primary_key=True)
    used = models.BigIntegerField()

    class Meta:
        db_table = "mail_quota"


class SendingLimit(models.Model):
    """How often and when people get bulk mail: a row for the installation, and one a business unit with its own."""

    business_unit = models.ForeignKey(  # NULL: the installation
        "accounts.BusinessUnit", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    per_day = models.IntegerField(null=True)  # mails in 24 hours; NULL: as many as there are
    per_week = models.IntegerField(null=True)
    per_month = models.IntegerField(null=True)  # in 30 days
    delays = models.BooleanField(default=True)  # what the cap holds back waits; else it is blocked
    longest_delay_hours = models.IntegerField(default=72)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    time_zone = models.TextField(default="UTC")
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "sending_limit"
        constraints = [
            models.UniqueConstraint(fields=["business_unit"], name="sending_limit_once", nulls_distinct=False)
        ]
