"""What crosses this room's door: roles, permissions and the principal that every request acts for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a user may do, from most to least."""

    ADMINISTRATOR = "administrator"
    MARKETING_MANAGER = "marketing_manager"
    MARKETER = "marketer"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One kind of act. Viewers VIEW; marketers also EDIT and GO_LIVE in their business unit; managers everywhere."""

    VIEW = "view"
    EDIT = "edit"
    GO_LIVE = "go_live"
    EXPORT = "export"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a record, and for which business unit."""

    user_id: int | None
    business_unit_id: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: a user, by session or API key, with the role and business unit that decide what is allowed."""

    user_id: int
    name: str
    email: str
    role: Role
    business_unit_id: int


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key as it is shown, once."""

    id: int
    text: str
