"""Private to this room: who is alive."""

from __future__ import annotations

from django.db import models


class ProcessHeartbeat(models.Model):
    """The last sign of life of one component of one process."""

    name = models.TextField()
    host = models.TextField()
    pid = models.IntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "process_heartbeat"
        constraints = [models.UniqueConstraint(fields=["name", "host", "pid"], name="process_heartbeat_once")]
