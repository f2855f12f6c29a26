"""Private to this room: workflows and channels, and the outbox of calls and the activities, which only SQL fills."""

from __future__ import annotations

from django.db import models

_THIS_XID = models.Func(function="senet_xid", output_field=models.BigIntegerField())
_NEW_KEY = models.Func(function="gen_random_uuid", output_field=models.UUIDField())


class Workflow(models.Model):
    """Something outside that a journey can launch: a webhook, or a registered Python action."""

    name = models.TextField()
    description = models.TextField(default="")
    kind = models.TextField()  # webhook, action
    url = models.TextField(default="")  # webhook
    action = models.TextField(default="")  # action: the name it is registered by
    active = models.BooleanField(default=True)  # calls of one that is not wait
    salt = models.BinaryField(default=b"")  # webhook: its secret is derived from this and the installation's secret
    previous_salt = models.BinaryField(null=True)  # signs beside the new one for a day after a rotation
    rotated_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)  # its server asked for a rest
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "workflow"


class WorkflowCall(models.Model):
    """One launch for one person, or for one company: the outbox of calls. See values.CallState for its life."""

    # No constraints in the database: a tile writes calls for everybody at once, and the key begins with the journey.
    key = models.UUIDField(db_default=_NEW_KEY)  # the idempotency key: the same in every attempt
    workflow = models.ForeignKey(Workflow, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    journey_id = models.BigIntegerField()
    iteration = models.IntegerField()
    tile = models.IntegerField()
    contact_id = models.BigIntegerField()
    company_id = models.BigIntegerField(null=True)  # launched for the company; the contact is who came first
    activity_id = models.BigIntegerField(null=True)  # the channel activity that the call tells of
    state = models.TextField(db_default="queued")
    due_at = models.DateTimeField(null=True)  # queued: not before; while a worker holds it, when its lease is over
    claim = models.BigIntegerField(null=True)  # the worker that holds it
    attempt = models.SmallIntegerField(db_default=0)  # how often it was tried since it was queued
    first_tried_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)  # what HTTP answered last
    error = models.TextField(db_default="")  # what went wrong last: a stranger's words, bounded

    class Meta:
        db_table = "workflow_call"
        constraints = [
            models.UniqueConstraint(
                fields=["journey_id", "iteration", "tile", "contact_id"], name="workflow_call_once"
            ),
            models.UniqueConstraint(
                fields=["journey_id", "iteration", "tile", "company_id"],
                condition=models.Q(company_id__isnull=False),
                name="workflow_call_company_once",
            ),
        ]
        indexes = [
            models.Index(fields=["workflow", "due_at"], condition=models.Q(state="queued"), name="workflow_call_queue"),
            models.Index(fields=["id"], condition=models.Q(state="failed"), name="workflow_call_failed"),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(company_id__isnull=True, state__in=["done", "cancelled", "dismissed"]),
                name="workflow_call_finished",
            ),
        ]


class WorkflowAttempt(models.Model):
    """An attempt at a call that did not succeed."""

    call = models.ForeignKey(WorkflowCall, on_delete=models.CASCADE, db_constraint=False, related_name="attempts")
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    error = models.TextField(db_default="")
    milliseconds = models.IntegerField(null=True)

    class Meta:
        db_table = "workflow_attempt"


class Channel(models.Model):
    """A way to reach people that a partner works: letters, a call centre, an app. Declared once, used by tiles."""

    name = models.TextField()
    key = models.TextField()  # what the partner knows it by
    description = models.TextField(default="")
    responses = models.JSONField(default=list)  # [{key, label, custom}]; at most one custom, which takes a keyword
    compliance_column = models.TextField(default="")  # do_not_email, do_not_bulk_email, custom.<key>: true forbids
    workflow = models.ForeignKey(Workflow, null=True, on_delete=models.PROTECT)  # is told of each activity
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "channel"
        constraints = [models.UniqueConstraint("key", name="channel_key_once")]


class ChannelActivity(models.Model):
    """What a channel is asked to do for one person. Partners fetch activities in the order of their transactions."""

    channel = models.ForeignKey(Channel, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    journey_id = models.BigIntegerField()
    iteration = models.IntegerField()
    tile = models.IntegerField()
    contact_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    xid = models.BigIntegerField(db_default=_THIS_XID)

    class Meta:
        db_table = "channel_activity"
        constraints = [
            models.UniqueConstraint("journey_id", "iteration", "tile", "contact_id", name="channel_activity_once")
        ]
        indexes = [models.Index("channel", "xid", "id", name="channel_activity_order")]


class ChannelResponse(models.Model):
    """A response as it came in: what makes repeating it harmless. The fact itself is in the log."""

    activity = models.ForeignKey(ChannelActivity, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    idempotency_key = models.TextField()
    response = models.TextField()
    keyword = models.TextField(db_default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "channel_response"
        constraints = [models.UniqueConstraint("activity", "idempotency_key", name="channel_response_once")]
