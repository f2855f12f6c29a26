"""Private to this room: the rows behind rehearsals."""

from __future__ import annotations

from django.db import models


class Rehearsal(models.Model):
    """One rehearsal: what was asked for, how far it is, and its report."""

    journey = models.ForeignKey("journeys.Journey", on_delete=models.CASCADE, related_name="+")
    status = models.TextField(default="waiting")  # waiting, running, done, failed, interrupted
    options = models.JSONField(default=dict)  # values.RehearsalOptions
    progress = models.FloatField(default=0)  # share of the virtual time
    virtual_now = models.DateTimeField(null=True)
    report = models.JSONField(null=True)  # values.RehearsalReport
    error = models.TextField(default="")
    problems = models.JSONField(default=list)  # of the check, when the journey could not go live
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rehearsal"
