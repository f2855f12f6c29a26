"""Where a webhook may lead: reads its URL, and judges the addresses that its name resolves to.

Nobody who may enter a URL should reach through us what only this machine or its network can: other services, the
cloud's metadata. So private addresses are refused, at the moment of connecting, whatever the name said before.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from senet.shared.errors import InvalidInput

LONGEST_URL = 2000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ULA = ipaddress.IPv6Network("fc00::/7")
_PRIVATE: tuple[Network, ...] = (
    *(ipaddress.IPv4Network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")),
    ipaddress.IPv6Network("::1/128"),
    _ULA,
)
_METADATA = ipaddress.IPv6Network("fd00:ec2::/32")  # where a cloud answers with its secrets; a ULA by its number


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Which addresses may be connected to: public ones, and what the operator's settings add."""

    allow_private: bool = False  # loopback and private networks, but neither link-local addresses nor metadata
    networks: tuple[Network, ...] = ()  # whatever they hold

    def allows(self, address: Address) -> bool:
        """Say whether an address may be connected to."""
        address = _unwrap(address)
        if any(address in network for network in self.networks):
            return True
        if any(address in network for network in _PRIVATE):
            return self.allow_private and address not in _METADATA
        return address.is_global and not (address.is_multicast or address.is_unspecified or address.is_reserved)


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    teredo = address.teredo
    inner: ipaddress.IPv4Address | None = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def read_networks(text: str) -> tuple[Network, ...]:
    """Return networks from "10.1.0.0/16,192.168.4.7". Raises: ValueError with a sentence for the operator."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError as error:
        raise ValueError(f"SENET_WEBHOOK_NETWORKS: write networks such as 10.1.0.0/16; {error}.") from error


def read_url(text: str, policy: AddressPolicy) -> str:
    """Return a webhook's URL in its plain form.

    A name is not resolved here: what it resolves to is judged whenever it is called. Raises: InvalidInput.
    """
    text = text.strip()
    if len(text) > LONGEST_URL or any(ord(character) <= 32 or ord(character) == 127 for character in text):
        raise _refuse(f"A webhook's URL has at most {LONGEST_URL:,} characters, and no spaces.")
    try:
        url = httpx.URL(text)
        host, port = url.host, url.port
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise _refuse("This is not a URL. Write it in full, such as https://example.com/hook.") from error
    if url.scheme not in {"http", "https"} or not host or not 0 < (1 if port is None else port) < 65_536:
        raise _refuse("A webhook's URL begins with https:// or http:// and names a host.")
    if url.userinfo:
        raise _refuse("Leave user and password out of the URL: calls are signed with the webhook's secret.")
    literal = find_literal(host)
    if literal is not None and not policy.allows(literal):
        raise _refuse(explain_refusal([literal]))
    return str(url.copy_with(fragment=None))


def find_literal(host: str) -> Address | None:
    """Return the address that a host is written as, or None when it is a name."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def explain_refusal(addresses: Sequence[Address]) -> str:
    """Return why an address is not connected to, and what an operator can do."""
    named = ", ".join(str(address) for address in addresses[:3])
    return (
        f"Webhooks may not reach {named}: it is an address of this machine or of a private network. "
        "An operator can allow it with SENET_WEBHOOK_NETWORKS or SENET_WEBHOOK_ALLOW_PRIVATE."
    )


def _refuse(message: str) -> InvalidInput:
    return InvalidInput(message, url=message)
