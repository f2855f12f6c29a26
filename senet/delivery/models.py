"""Private to this room: the rows behind mails that came back."""

from __future__ import annotations

from django.db import models


class ReturnedMail(models.Model):
    """A mail that came back, once. What nobody could read is kept whole, up to a size."""

    received_at = models.DateTimeField()
    source = models.TextField()  # smtp, lmtp, imap, or a provider's name
    digest = models.BinaryField(max_length=32)  # of the mail and its envelope: the same mail again is told by it
    kind = models.TextField()  # a value of returns.values.Kind
    message_id = models.BigIntegerField(null=True)
    counted = models.BooleanField()  # whether it changed what is known of the message
    reason = models.TextField(db_default="")
    rule = models.TextField(db_default="")  # a value of returns.values.ReturnRule: what told the kind
    bounce_class = models.TextField(db_default="")  # hard, soft or block; "" where it is no bounce
    category = models.TextField(db_default="")  # of the bounce
    category_rule = models.TextField(db_default="")  # a value of bounces.BounceRule: what told the category
    smtp_enhanced = models.TextField(db_default="")
    raw = models.BinaryField(null=True)

    class Meta:
        db_table = "returned_mail"
        constraints = [models.UniqueConstraint(fields=["digest"], name="returned_mail_once")]
        indexes = [
            models.Index(
                fields=["message_id"], condition=models.Q(message_id__isnull=False), name="returned_mail_message"
            ),
            models.Index(fields=["received_at"], name="returned_mail_received"),
            models.Index(fields=["id"], condition=models.Q(raw__isnull=False), name="returned_mail_kept"),
        ]


class SendingDomain(models.Model):
    """A domain that mails are sent from. Its private keys are sealed (shared/sealing.py)."""

    domain = models.TextField()  # lower case
    business_unit = models.ForeignKey(  # NULL: everybody's
        "accounts.BusinessUnit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signs = models.BooleanField(default=True)  # here; else the relay does, or nobody
    selector = models.TextField()
    rsa_key = models.BinaryField()
    ed25519_selector = models.TextField(default="")
    ed25519_key = models.BinaryField(null=True)
    bounce_domain = models.TextField(default="")  # of its return paths; "": the installation's
    checked_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=dict)  # purpose → confirmed, missing, different, unknown
    created_at = models.DateTimeField()

    class Meta:
        db_table = "sending_domain"
        constraints = [models.UniqueConstraint(fields=["domain"], name="sending_domain_once")]


class BlockedHost(models.Model):
    """A host that no mail may lead to, nor to any below it."""

    host = models.TextField()  # lower case
    note = models.TextField(default="")
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        db_table = "blocked_host"
        constraints = [models.UniqueConstraint(fields=["host"], name="blocked_host_once")]
