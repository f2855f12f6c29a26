"""Private to this room: the rows behind emails, their compiled versions and content settings."""

from __future__ import annotations

from django.db import models


class ContentSettings(models.Model):
    """The sender's address and centre links that every mail of a journey shares. Read at send time."""

    name = models.TextField()
    address_main = models.TextField(default="")
    address_line_2 = models.TextField(default="")
    subscription_center = models.TextField(default="")  # empty: Senet's own centre
    custom = models.JSONField(default=dict)  # text only
    is_default = models.BooleanField(default=False)
    status = models.TextField(default="draft")  # draft, live, stopped, live_editable
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "content_settings"
        constraints = [
            models.UniqueConstraint(
                "is_default", condition=models.Q(is_default=True), name="content_settings_one_default"
            )
        ]


class Email(models.Model):
    """A marketing email as its author edits it."""

    name = models.TextField()
    subject = models.TextField(default="")
    preheader = models.TextField(default="")
    from_name = models.TextField(default="")
    from_address = models.TextField(default="")
    to_address = models.TextField(default="{{ contact.email }}")
    reply_to = models.TextField(default="")
    language = models.TextField(default="en")
    source_kind = models.TextField(default="html")  # html or mjml
    source = models.TextField(default="")
    plain_text = models.TextField(default="")
    plain_text_automatic = models.BooleanField(default=True)
    legal_designation = models.TextField(default="commercial")  # commercial or transactional
    content_type = models.TextField(default="default")
    status = models.TextField(default="draft")  # draft, live, live_editable, stopped, expired
    live_version_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "email"


class EmailVersion(models.Model):
    """What going live froze: the compiled message. Written once, never changed."""

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    compiled = models.JSONField()  # the compiler's own format; see content/compiler
    source = models.JSONField()  # the header fields and body as they were
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "email_version"
        constraints = [models.UniqueConstraint("email", "number", name="email_version_once")]


class EmailLink(models.Model):
    """One tracked link of a compiled email: what the door redirects to. Numbers count from 1."""

    version = models.ForeignKey(EmailVersion, on_delete=models.CASCADE, related_name="links")
    number = models.SmallIntegerField()
    url = models.TextField()  # absolute; holds Liquid only when `dynamic`
    label = models.TextField(default="")
    kind = models.TextField(default="url")  # url, subscription_center, unsubscribe, …
    dynamic = models.BooleanField(default=False)

    class Meta:
        db_table = "email_link"
        constraints = [models.UniqueConstraint("version", "number", name="email_link_once")]
