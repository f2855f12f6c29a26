"""Routes: the hosts that no mail may lead to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from senet.accounts.http import require
from senet.accounts.values import Permission
from senet.delivery import link_blocks
from senet.delivery.models import BlockedHost
from senet.shared.clock import utc_now
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["blocked hosts"])
HOSTS = Listing(sorts={"host": Sort("host")}, search=lambda text: Q(host__contains=text.lower()), default_sort="host")


class BlockedHostIn(Schema):
    """A host; everything below it is meant as well."""

    host: str = Field(min_length=4, max_length=253)
    note: str = Field("", max_length=1000)


class BlockedHostOut(Schema):
    """A host that no mail may lead to."""

    id: int
    host: str
    note: str
    created_by_id: int | None
    created_at: datetime


@router.get("/blocked-hosts", response=PageOf[BlockedHostOut], operation_id="blocked_hosts_list")
def list_hosts(request: HttpRequest, query: Query[PageQuery]) -> Page[BlockedHost]:
    """List the hosts that no mail may lead to."""
    require(request, Permission.VIEW)
    return HOSTS.page(BlockedHost.objects.all(), query)


@router.post("/blocked-hosts", response={201: BlockedHostOut}, operation_id="blocked_hosts_create")
def block_host(request: HttpRequest, body: BlockedHostIn) -> Status[BlockedHost]:
    """Forbid mails that lead to a host; within seconds no sender sends them."""
    who = require(request, Permission.ADMINISTER)
    made = link_blocks.block_host(body.host, note=body.note, user_id=who.user_id, now=utc_now())
    return Status(201, BlockedHost.objects.get(pk=made))


@router.delete("/blocked-hosts/{int:host_id}", response={204: None}, operation_id="blocked_hosts_delete")
def unblock_host(request: HttpRequest, host_id: int) -> Status[None]:
    """Allow mails that lead to a host."""
    require(request, Permission.ADMINISTER)
    link_blocks.unblock_host(host_id)
    return Status(204, None)
