"""What the API reads and writes about users, business units and keys."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema
from pydantic import AwareDatetime, Field

from senet.accounts.values import Role
from senet.shared.paging import PageQuery


class SignIn(Schema):
    """Who says they are whom. A password has a limit, so that hashing it costs little."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


class CsrfToken(Schema):
    """Send it back as the header X-CSRFToken."""

    csrf: str


class Me(Schema):
    """The user that a request acts for."""

    id: int
    name: str
    email: str
    role: Role
    business_unit_id: int
    permissions: list[str]


class UserOut(Schema):
    """A user as others see them."""

    id: int
    name: str
    email: str
    role: Role
    business_unit_id: int
    is_active: bool
    last_login: datetime | None
    created_at: datetime


class UserIn(Schema):
    """A new user."""

    email: str = Field(max_length=254)
    name: str = Field(default="", max_length=200)
    role: Role = Role.VIEWER
    business_unit_id: int
    password: str = Field(max_length=1024)


class UserChange(Schema):
    """What to change of a user; what is left out stays."""

    name: str | None = Field(default=None, max_length=200)
    role: Role | None = None
    business_unit_id: int | None = None
    is_active: bool | None = None
    password: str | None = Field(default=None, max_length=1024)


class PasswordChange(Schema):
    """A user's own new password."""

    old: str = Field(max_length=1024)
    new: str = Field(max_length=1024)


class BusinessUnitOut(Schema):
    """A part of the organisation."""

    id: int
    name: str
    parent_id: int | None


class BusinessUnitIn(Schema):
    """A new part of the organisation."""

    name: str = Field(min_length=1, max_length=200)
    parent_id: int | None = None


class BusinessUnitChange(Schema):
    """What to change of a business unit."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    parent_id: int | None = None


class ApiKeyOut(Schema):
    """A key without its secret."""

    id: int
    name: str
    prefix: str
    user_id: int
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class ApiKeyIn(Schema):
    """A new key."""

    name: str = Field(min_length=1, max_length=200)
    expires_at: AwareDatetime | None = None


class NewApiKeyOut(ApiKeyOut):
    """A new key, with its secret: shown this once."""

    key: str


class UserQuery(PageQuery):
    """What users can be filtered by."""

    role: Role | None = None
    is_active: bool | None = None
    business_unit_id: int | None = None


class BusinessUnitQuery(PageQuery):
    """What business units can be filtered by."""

    parent_id: int | None = None
