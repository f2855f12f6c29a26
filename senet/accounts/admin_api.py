"""Routes: users and business units."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts import actions
from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.models import BusinessUnit, User
from senet.accounts.schemas import (
    BusinessUnitChange,
    BusinessUnitIn,
    BusinessUnitOut,
    BusinessUnitQuery,
    UserChange,
    UserIn,
    UserOut,
    UserQuery,
)
from senet.accounts.values import Permission
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, Sort

router = Router(tags=["accounts"])

USERS = Listing(
    sorts={"name": Sort("name", folded=True), "email": Sort("email", folded=True), "role": Sort("role"),
           "last_login": Sort("last_login", nullable=True), "created_at": Sort("created_at")},
    filters={"role": "role", "is_active": "is_active", "business_unit_id": "business_unit_id"},
    search=lambda text: Q(name__icontains=text) | Q(email__icontains=text),
    default_sort="name",
)  # fmt: skip
UNITS = Listing(
    sorts={"name": Sort("name", folded=True)},
    filters={"parent_id": "parent_id"},
    search=lambda text: Q(name__icontains=text),
    default_sort="name",
)


@router.get("/users", response=PageOf[UserOut], operation_id="users_list")
def list_users(request: HttpRequest, query: Query[UserQuery]) -> Page[User]:
    """List the users of the business units one sees."""
    return USERS.page(visible(User.objects.all(), principal(request)), query)


@router.post("/users", response={201: UserOut}, operation_id="users_create")
def create_user(request: HttpRequest, body: UserIn) -> Status[User]:
    """Make somebody who can sign in."""
    require(request, Permission.ADMINISTER)
    made = actions.create_user(
        email=body.email, name=body.name, password=body.password, role=body.role, business_unit_id=body.business_unit_id
    )
    return Status(201, User.objects.get(pk=made.user_id))


@router.get("/users/{user_id}", response=UserOut, operation_id="users_get")
def get_user(request: HttpRequest, user_id: int) -> User:
    """Return one user."""
    user = visible(User.objects.all(), principal(request)).filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no user by that number.")
    return user


@router.patch("/users/{user_id}", response=UserOut, operation_id="users_update")
def update_user(request: HttpRequest, user_id: int, body: UserChange) -> User:
    """Change a user. A new role, unit or password and a deactivation end the user's sessions."""
    require(request, Permission.ADMINISTER)
    return actions.change_user(
        user_id,
        name=body.name,
        role=body.role,
        business_unit_id=body.business_unit_id,
        is_active=body.is_active,
        password=body.password,
    )


@router.get("/business-units", response=PageOf[BusinessUnitOut], operation_id="business_units_list")
def list_business_units(request: HttpRequest, query: Query[BusinessUnitQuery]) -> Page[BusinessUnit]:
    """List the business units one sees."""
    return UNITS.page(visible(BusinessUnit.objects.all(), principal(request), column="id"), query)


@router.post("/business-units", response={201: BusinessUnitOut}, operation_id="business_units_create")
def create_business_unit(request: HttpRequest, body: BusinessUnitIn) -> Status[BusinessUnit]:
    """Add a business unit."""
    require(request, Permission.ADMINISTER)
    return Status(201, actions.create_unit(name=body.name, parent_id=body.parent_id))


@router.get("/business-units/{unit_id}", response=BusinessUnitOut, operation_id="business_units_get")
def get_business_unit(request: HttpRequest, unit_id: int) -> BusinessUnit:
    """Return one business unit."""
    unit = visible(BusinessUnit.objects.all(), principal(request), column="id").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("There is no business unit by that number.")
    return unit


@router.patch("/business-units/{unit_id}", response=BusinessUnitOut, operation_id="business_units_update")
def update_business_unit(request: HttpRequest, unit_id: int, body: BusinessUnitChange) -> BusinessUnit:
    """Rename a business unit or hang it below another."""
    require(request, Permission.ADMINISTER)
    return actions.change_unit(
        unit_id, name=body.name, parent_id=body.parent_id, moves="parent_id" in body.model_fields_set
    )
