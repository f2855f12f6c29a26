"""Which URLs a webhook may have, and which addresses it may reach."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from senet.integrations.addresses import AddressPolicy, read_networks, read_url
from senet.shared.errors import InvalidInput

PUBLIC = AddressPolicy()
PRIVATE = AddressPolicy(allow_private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_reached(address: str) -> None:
    assert PUBLIC.allows(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "169.254.1.1", "100.64.0.1", "100.100.100.200", "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1",  # noqa: S104
        "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2001:0:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_of_private_networks_are_not(address: str) -> None:
    assert not PUBLIC.allows(ip_address(address))


def test_private_addresses_are_reached_when_the_operator_says_so() -> None:
    for address in ("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "::1", "fc00::1", "::ffff:10.0.0.1"):
        assert PRIVATE.allows(ip_address(address)), address


def test_metadata_and_link_local_addresses_are_not_even_then() -> None:
    for address in ("169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "224.0.0.1"):  # noqa: S104
        assert not PRIVATE.allows(ip_address(address)), address


def test_a_listed_network_is_reached_and_no_other() -> None:
    policy = AddressPolicy(networks=(ip_network("10.1.0.0/16"), ip_network("169.254.169.254/32")))
    assert policy.allows(ip_address("10.1.2.3"))
    assert policy.allows(ip_address("169.254.169.254"))
    assert policy.allows(ip_address("::ffff:10.1.2.3"))
    assert not policy.allows(ip_address("10.2.0.1"))


def test_networks_are_read_from_a_list() -> None:
    assert read_networks(" 10.1.0.0/16, 192.168.4.7 ,") == (ip_network("10.1.0.0/16"), ip_network("192.168.4.7/32"))
    assert read_networks("") == ()
    with pytest.raises(ValueError, match="SENET_WEBHOOK_NETWORKS"):
        read_networks("10.1.0.0/16,everywhere")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://example.com/hook?a=1", "https://example.com/hook?a=1"),
        (" http://example.com ", "http://example.com"),
        ("https://example.com:8443/x#part", "https://example.com:8443/x"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://93.184.216.34/x", "https://93.184.216.34/x"),
    ],
)
def test_a_url_is_kept_in_its_plain_form(text: str, kept: str) -> None:
    assert read_url(text, PUBLIC) == kept


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com/hook", "ftp://example.com", "file:///etc/passwd", "javascript:alert(1)", "https://",
        "https://user:secret@example.com/", "https://user@example.com/", "http://127.0.0.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1:8080/",
        "https://exa mple.com/", "https://example.com/\r\nX-Evil: 1", "https://example.com:99999/",
        "https://example.com/" + "a" * 2000, "gopher://example.com/", "https://example.com/\0",
    ],
)  # fmt: skip
def test_a_url_that_leads_nowhere_good_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_url(text, PUBLIC)
    assert caught.value.message.endswith(".")
