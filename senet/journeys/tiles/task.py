"""Task: something that a colleague is to do about each person, or about each company."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.tiles.activity import DueActivityTile


class TaskTile(DueActivityTile):
    """Makes a task."""

    icon: ClassVar[str] = "task"
    kind: Literal["task"] = "task"
