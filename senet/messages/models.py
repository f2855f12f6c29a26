"""Private to this room: the rows behind suppressions. The outbox itself is written by SQL alone."""

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
