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


class CalendarEvent(models.Model):
    """What an email invites to: served at the door as a calendar file under a key that nobody can guess."""

    key = models.TextField(unique=True)
    sequence = models.IntegerField(default=0)  # grows with every change (RFC 5545)
    name = models.TextField()
    description = models.TextField(default="")
    location = models.TextField(default="")
    url = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.TextField(default="UTC")  # IANA
    organizer_name = models.TextField(default="")
    organizer_email = models.TextField(default="")
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "calendar_event"


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
    event = models.ForeignKey(CalendarEvent, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.TextField(default="draft")  # draft, live, live_editable, stopped, expired
    live_version_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "email"


class ContentLabel(models.Model):
    """A word with a colour, by which templates and blocks are found; they hold labels by name."""

    name = models.TextField(unique=True)
    color = models.TextField(default="#55556a")

    class Meta:
        db_table = "content_label"


class EmailTemplate(models.Model):
    """What an email begins with. Copied when used, never linked."""

    key = models.TextField(null=True, unique=True)  # of those that come with Senet
    shipped = models.BooleanField(default=False)
    name = models.TextField()
    description = models.TextField(default="")
    purpose = models.TextField(default="")
    language = models.TextField(default="en")
    labels = models.JSONField(default=list)  # names
    subject = models.TextField(default="")
    preheader = models.TextField(default="")
    legal_designation = models.TextField(default="commercial")
    source_kind = models.TextField(default="mjml")  # html or mjml
    source = models.TextField(default="")
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "email_template"


class ContentBlock(models.Model):
    """A piece of a body to be put into emails: copied when used, never linked."""

    name = models.TextField()
    description = models.TextField(default="")
    labels = models.JSONField(default=list)  # names
    source_kind = models.TextField(default="mjml")  # html or mjml
    source = models.TextField(default="")
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "content_block"


class Asset(models.Model):
    """An image or a file of the library. Its content never changes; its address holds a key that nobody can guess."""

    key = models.TextField(unique=True)
    name = models.TextField()  # of the file
    description = models.TextField(default="")  # what an image shows: its alternative text
    kind = models.TextField()  # image, file, video
    content_type = models.TextField()
    size = models.BigIntegerField(default=0)  # bytes
    sha256 = models.TextField(default="")
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    labels = models.JSONField(default=list)  # names
    archived = models.BooleanField(default=False)  # not offered any more; mails go on showing it
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "asset"


class AssetPiece(models.Model):
    """A megabyte of an asset's content."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, db_index=False, related_name="pieces")
    number = models.IntegerField()  # from 0
    content = models.BinaryField()

    class Meta:
        db_table = "asset_piece"
        constraints = [models.UniqueConstraint("asset", "number", name="asset_piece_once")]


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


class AbTest(models.Model):
    """A test of a second version (B) of an email against the email itself (A). One journey's tile uses it, once.

    The columns of B that its kind leaves alone are empty: B says there what A says. What was counted when the winner
    was decided stays in the row.
    """

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="ab_tests")
    name = models.TextField()
    kind = models.TextField()  # header, body, whole
    subject = models.TextField(default="")
    preheader = models.TextField(default="")
    from_name = models.TextField(default="")
    source_kind = models.TextField(default="html")
    source = models.TextField(default="")
    plain_text = models.TextField(default="")
    plain_text_automatic = models.BooleanField(default=True)
    percent = models.SmallIntegerField(default=20)  # of the audience, shared by A and B
    metric = models.TextField(default="clicks")  # clicks, opens
    duration_minutes = models.IntegerField(default=1440)
    inconclusive = models.TextField(default="a")  # a, b, random: what the others get when nothing is proved
    status = models.TextField(default="draft")  # draft, scheduled, in_progress, finished
    journey_id = models.BigIntegerField(null=True)  # the tile that uses it
    tile = models.IntegerField(null=True)
    a_version_id = models.BigIntegerField(null=True)
    b_version_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    start_xid = models.BigIntegerField(null=True)  # what people do in answer lies at or above it in the log
    offered = models.BigIntegerField(default=0)  # people who came while it ran
    a_taken = models.BigIntegerField(default=0)
    b_taken = models.BigIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    conclusive = models.BooleanField(null=True)
    confidence = models.FloatField(null=True)
    winner = models.TextField(null=True)  # a, b, random
    a_sent = models.BigIntegerField(null=True)
    a_hits = models.BigIntegerField(null=True)
    b_sent = models.BigIntegerField(null=True)
    b_hits = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)  # A was overwritten with B
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "ab_test"
        constraints = [models.UniqueConstraint("email", condition=~models.Q(status="finished"), name="ab_test_one_new")]


class AbVariant(models.Model):
    """The published version B that goes with a published version A of the email."""

    ab_test = models.ForeignKey(AbTest, on_delete=models.CASCADE, related_name="variants")
    a_version = models.ForeignKey(EmailVersion, on_delete=models.CASCADE, related_name="+")
    b_version = models.ForeignKey(EmailVersion, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "ab_variant"
        constraints = [models.UniqueConstraint("ab_test", "a_version", name="ab_variant_once")]
