"""Private to this room: the rows behind segments and subscription lists.

Membership lives in `segment_member`, `list_member` and the append-only `membership_change`, which only SQL touches.
"""

from __future__ import annotations

from django.db import models


class Segment(models.Model):
    """A named set of contacts: hand-picked (static) or by a rule (dynamic)."""

    name = models.TextField()
    description = models.TextField(default="")
    kind = models.TextField(choices=[("static", "static"), ("dynamic", "dynamic")], default="dynamic")
    definition = models.JSONField(default=dict)  # the tree as drawn
    live_definition = models.JSONField(null=True)  # the tree that membership follows
    time_zone = models.TextField(default="UTC")
    status = models.TextField(default="draft")  # draft, going_live, live, stopping, stopped
    size = models.BigIntegerField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    evaluation_seconds = models.FloatField(null=True)
    evaluation_error = models.TextField(default="")
    attempted_at = models.DateTimeField(null=True)  # also when it failed
    fully_evaluated_at = models.DateTimeField(null=True)  # when every contact was looked at, not only the changed ones
    full_seconds = models.FloatField(default=0)  # what the last such look took
    evaluated_xid = models.BigIntegerField(null=True)  # contacts written by older transactions have been looked at
    progress = models.FloatField(default=0)  # of going live, 0 to 1
    generation = models.IntegerField(default=0)  # how often it went live; an evaluation of an older one ends itself
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "segment"


class SubscriptionList(models.Model):
    """A list that contacts join and leave by themselves."""

    name = models.TextField()
    description = models.TextField(default="")
    public = models.BooleanField(default=True)  # shown in the subscription centre
    owner = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    business_unit = models.ForeignKey("accounts.BusinessUnit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "subscription_list"
