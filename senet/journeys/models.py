"""Private to this room: the rows behind journeys. Visits and positions live in tables that only SQL touches."""

from __future__ import annotations

from django.db import models


class Journey(models.Model):
    """A customer journey as its author edits it."""

    name = models.TextField()
    description = models.TextField(default="")
    status = models.TextField(default="draft")
    # draft, going_live, live, live_editable, stopping, stopped, error, expired
    definition = models.JSONField(default=dict)  # the drawn graph; see journeys/definition.py
    live_version = models.ForeignKey("JourneyVersion", null=True, on_delete=models.PROTECT, related_name="+")
    time_zone = models.TextField(default="UTC")
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    target = models.TextField(default="contact")  # contact, company
    scope = models.TextField(default="organization")  # organization, business_unit: whose contacts may enter
    minimum_consent = models.SmallIntegerField(default=0)
    is_recurring = models.BooleanField(default=False)
    interval_days = models.IntegerField(null=True)  # of an iteration, by the clocks of the journey's time zone
    iteration_count = models.IntegerField(null=True)
    content_settings_id = models.BigIntegerField(null=True)
    suppression_segment_id = models.BigIntegerField(null=True)
    template_id = models.BigIntegerField(null=True)  # what it was drawn from; copied, never followed
    refuse_large_emails = models.BooleanField(default=False)  # an email of more than 128 KB is an error, not a warning
    urgent = models.BooleanField(db_default=False, default=False)  # a quick send: its mails leave before bulk
    enrolled_version_id = models.BigIntegerField(null=True)  # the version whose whole audience was called in
    live_xid = models.BigIntegerField(db_default=0)  # the transaction since which it has been live without a break
    called_xid = models.BigIntegerField(db_default=0)  # who joined in a transaction below it was called in then
    reconsider = models.BooleanField(default=False)  # ask all who wait at if/then tiles again: rules may have changed
    live_since = models.DateTimeField(null=True)  # without a stop; edits do not count
    recall_from_xid = models.BigIntegerField(null=True)  # what was heard since then is to be looked at once more
    stopped_at = models.DateTimeField(null=True)
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "journey"


class JourneyVersion(models.Model):
    """What going live froze: the graph and the settings. Written once, never changed."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    definition = models.JSONField()
    snapshot = models.JSONField(default=dict)  # settings, and the versions of the emails; see journeys/plan.py
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "journey_version"
        constraints = [models.UniqueConstraint("journey", "number", name="journey_version_once")]


class JourneyTemplate(models.Model):
    """A drawing and settings to begin with; copied when used, never linked. Shipped ones belong to no unit."""

    key = models.TextField(null=True, unique=True)  # of a shipped one, the same in every release
    shipped = models.BooleanField(default=False)
    name = models.TextField()
    description = models.TextField(default="")
    purpose = models.TextField(default="")
    language = models.TextField(default="en")
    target = models.TextField(default="contact")
    recurring = models.BooleanField(default=False)
    tags = models.JSONField(default=list)
    definition = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)  # those of a journey that are copied
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "journey_template"


class Iteration(models.Model):
    """One run of a journey over its audience. Every journey has at least one."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="iterations")
    number = models.IntegerField()
    started_at = models.DateTimeField()
    due_end_at = models.DateTimeField(null=True)  # recurring: when the next one takes over, or the journey ends
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "iteration"
        constraints = [models.UniqueConstraint("journey", "number", name="iteration_once")]


class Milestone(models.Model):
    """Something that happened to a journey: created, live, edited, stopped."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="milestones")
    at = models.DateTimeField()
    kind = models.TextField()
    user_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "milestone"


class ActivityTemplate(models.Model):
    """What an activity is about, for tiles of its kind to use. A live journey keeps what it was when it went live."""

    kind = models.TextField()  # task, phone_call, appointment
    name = models.TextField()
    subject = models.TextField()
    description = models.TextField(default="")
    priority = models.TextField(default="normal")  # low, normal, high
    due_in_minutes = models.IntegerField(null=True)  # tasks and phone calls: after somebody comes to the tile
    start_after_minutes = models.IntegerField(null=True)  # appointments: likewise
    duration_minutes = models.IntegerField(null=True)
    location = models.TextField(default="")  # appointments
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "activity_template"


class Activity(models.Model):
    """A task, phone call or appointment that a tile made about a contact, or about a company as a whole."""

    # No constraints in the database: a tile makes activities for everybody at once; the key begins with the journey.
    kind = models.TextField(db_default="task")  # task, phone_call, appointment
    template = models.ForeignKey(
        ActivityTemplate, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    journey = models.ForeignKey(Journey, null=True, on_delete=models.SET_NULL, db_constraint=False, db_index=False)
    iteration = models.IntegerField()
    tile = models.IntegerField()
    contact_id = models.BigIntegerField(null=True)  # NULL: about the company as a whole
    company_id = models.BigIntegerField(null=True)
    subject = models.TextField()
    description = models.TextField(default="")
    priority = models.TextField(db_default="normal")
    location = models.TextField(db_default="")
    assigned_to = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    due_at = models.DateTimeField(null=True)  # of an appointment: its start
    start_at = models.DateTimeField(null=True)  # appointments
    end_at = models.DateTimeField(null=True)
    duration_minutes = models.IntegerField(null=True)  # how long it takes, as far as that is known
    done_at = models.DateTimeField(null=True)
    business_unit = models.ForeignKey(
        "accounts.BusinessUnit", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    created_at = models.DateTimeField()

    class Meta:
        db_table = "activity"
        constraints = [
            models.UniqueConstraint("journey", "iteration", "tile", "contact_id", name="activity_once"),
            models.UniqueConstraint(
                fields=["journey", "iteration", "tile", "company_id"],
                condition=models.Q(contact_id__isnull=True),
                name="activity_once_a_company",
            ),
        ]
        indexes = [
            models.Index(fields=["assigned_to", "due_at"], name="activity_assigned"),
            models.Index(fields=["contact_id"], name="activity_contact"),
        ]


class QuickSendRequest(models.Model):
    """A quick send by the key under which it was asked for, so that asking again sends nothing again."""

    key = models.TextField()
    user_id = models.BigIntegerField()
    journey_id = models.BigIntegerField(null=True)  # NULL within the transaction that makes it
    segment_id = models.BigIntegerField(null=True)
    email_version_id = models.BigIntegerField(null=True)
    people = models.IntegerField(null=True)

    class Meta:
        db_table = "quick_send_request"
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="quick_send_request_once")]
