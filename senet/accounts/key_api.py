"""Routes: API keys. Everybody who may write has their own; administrators see and revoke all."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts import actions
from senet.accounts.http import principal, require
from senet.accounts.models import ApiKey
from senet.accounts.schemas import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from senet.accounts.values import Permission, Principal, Role
from senet.shared.clock import utc_now
from senet.shared.errors import InvalidInput, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["accounts"])

KEYS = Listing(sorts={"name": Sort("name", folded=True), "created_at": Sort("created_at")})


def _visible_keys(me: Principal) -> QuerySet[ApiKey]:
    return ApiKey.objects.all() if me.role == Role.ADMINISTRATOR else ApiKey.objects.filter(user_id=me.user_id)


@router.get("/api-keys", response=PageOf[ApiKeyOut], operation_id="api_keys_list")
def list_api_keys(request: HttpRequest, query: Query[PageQuery]) -> Page[ApiKey]:
    """List one's own keys; an administrator's list has everybody's."""
    return KEYS.page(_visible_keys(principal(request)), query)


@router.post("/api-keys", response={201: NewApiKeyOut}, operation_id="api_keys_create")
def create_api_key(request: HttpRequest, body: ApiKeyIn) -> Status[NewApiKeyOut]:
    """Make a key that acts for oneself. It is shown this once."""
    me = require(request, Permission.EDIT)
    if body.expires_at is not None and body.expires_at <= utc_now():
        raise InvalidInput("The key would have expired already.", expires_at="This moment has passed.")
    made = actions.make_api_key(me.user_id, name=body.name, expires_at=body.expires_at)
    row = ApiKey.objects.get(pk=made.id)
    return Status(201, NewApiKeyOut(**ApiKeyOut.from_orm(row).dict(), key=made.text))


@router.delete("/api-keys/{key_id}", response={204: None}, operation_id="api_keys_revoke")
def revoke_api_key(request: HttpRequest, key_id: int) -> Status[None]:
    """Make a key useless, at once."""
    me = require(request, Permission.EDIT)
    if not _visible_keys(me).filter(pk=key_id).exists():
        raise NotFound("There is no key by that number.")
    actions.revoke_api_key(key_id, now=utc_now())
    return Status(204, None)
