"""Private to this room: what was asked for, and how double opt-in is set up."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce


class ConfirmationSettings(models.Model):
    """How double opt-in works here: one row."""

    enabled = models.BooleanField(db_default=False)
    subscription_email = models.ForeignKey("content.Email", null=True, on_delete=models.SET_NULL, related_name="+")
    consent_email = models.ForeignKey("content.Email", null=True, on_delete=models.SET_NULL, related_name="+")
    content_settings = models.ForeignKey(
        "content.ContentSettings", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subscription_thanks_url = models.TextField(db_default="")  # empty: the door's own page
    consent_thanks_url = models.TextField(db_default="")
    centre_shows_consent = models.BooleanField(db_default=False)
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "confirmation_settings"


class ConfirmationRequest(models.Model):
    """What a contact has asked for. It stays as the proof of what was asked, where, and how it was answered."""

    # No constraints in the database: contacts and lists come and go by statements of their own.
    contact = models.ForeignKey(
        "people.Contact", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.TextField()  # list or consent
    list = models.ForeignKey(
        "audiences.SubscriptionList",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    consent_level = models.SmallIntegerField(null=True)
    object_name = models.TextField()
    object_description = models.TextField(db_default="")
    address = models.TextField()  # what confirming proves is that this one is the contact's
    state = models.TextField(db_default="waiting")  # waiting, confirmed, withdrawn
    asked_by = models.TextField()  # centre or api
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mails = models.SmallIntegerField(db_default=0)  # how many were queued
    mail_due_at = models.DateTimeField(null=True)  # one is to be queued
    mailed_at = models.DateTimeField(null=True)  # the last one was queued
    answered_at = models.DateTimeField(null=True)
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        db_table = "confirmation_request"
        constraints = [
            models.UniqueConstraint(
                "contact",
                "kind",
                Coalesce("list", 0),
                condition=models.Q(state="waiting"),
                name="confirmation_request_waits_once",
            )
        ]
        indexes = [
            models.Index(fields=["contact", "-id"], name="confirmation_request_contact"),
            models.Index(
                fields=["mail_due_at"], condition=models.Q(mail_due_at__isnull=False), name="confirmation_request_due"
            ),
        ]
