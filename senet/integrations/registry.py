"""Python functions that a workflow can call: registered by name, in modules that `SENET_ACTIONS` lists.

    from senet.integrations.registry import ActionCall, action

    @action("add_to_loyalty_programme")
    def add(call: ActionCall) -> None:
        ...

A function that returns has done its work; one that raises is tried again later, like a webhook that answered 500, so it
has to bear being called twice with the same `idempotency_key`. `GiveUp` ends the attempts, `TryLater` says when to try
again.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from senet.integrations.errors import ActionsBroken, GiveUp, TryLater

__all__ = ["ActionCall", "GiveUp", "TryLater", "action", "find_action", "list_actions", "load_actions"]

_NAME = re.compile(r"[a-z][a-z0-9_.]{0,99}")


@dataclass(frozen=True, slots=True)
class ActionCall:
    """Whom an action is called for, by which tile, and when."""

    contact_id: int
    company_id: int | None  # the contact's, or the one that the call is for
    journey_id: int
    iteration: int
    tile: int
    now: datetime
    idempotency_key: str
    attempt: int = 1
    activity_id: int | None = None  # the channel activity that the call tells of
    test: bool = False  # somebody tries the workflow out


Action = Callable[[ActionCall], None]
_actions: dict[str, Action] = {}


def action(name: str) -> Callable[[Action], Action]:
    """Register a function under a name: small letters, digits, dots and underscores.

    Raises: ValueError when the name is taken by another function, or is none.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for an action: use small letters, digits, dots and underscores.")

    def register(function: Action) -> Action:
        known = _actions.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"The action {name!r} is {known.__module__}.{known.__qualname__} already.")
        _actions[name] = function
        return function

    return register


def load_actions() -> None:
    """Import the modules that the settings list. Raises: ActionsBroken with a sentence for the operator."""
    for path in settings.ACTIONS:
        try:
            importlib.import_module(path)
        except Exception as error:  # whatever the module raises while it is imported
            message = f"SENET_ACTIONS: {path} cannot be imported: {type(error).__name__}: {error}"
            raise ActionsBroken(message) from error


def find_action(name: str) -> Action | None:
    """Return an action, or None when none is registered by that name. Raises: ActionsBroken."""
    load_actions()
    return _actions.get(name)


def list_actions() -> Sequence[str]:
    """Return the names of all registered actions. Raises: ActionsBroken."""
    load_actions()
    return sorted(_actions)
