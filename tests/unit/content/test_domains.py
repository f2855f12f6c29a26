"""What name servers say of a from domain is told with its reason and a remedy; a silent one delays nobody for long."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import pytest

from senet.content.domains.authentication import check_domain
from senet.content.domains.resolver import KeepingResolver, find_resolver
from senet.content.domains.sending import SigningName
from senet.shared.name_servers import LookupFailed
from tests.support.dns import name_server

KEY = "v=DKIM1; k=rsa; p=" + "A" * 390
GOOD = {
    "shop.example": ["v=spf1 ip4:192.0.2.1 -all", "some=other-record"],
    "senet._domainkey.shop.example": [KEY],
    "_dmarc.shop.example": ["v=DMARC1; p=reject; rua=mailto:a@shop.example"],
}


class FakeResolver:
    """Answers from a dictionary."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.texts = texts

    def find_texts(self, name: str) -> list[str] | None:
        if name in self.texts:
            return list(self.texts[name])
        return [] if any(known.endswith(f".{name}") for known in self.texts) else None


def codes(texts: Mapping[str, Sequence[str]], domain: str = "shop.example") -> list[str]:
    found = check_domain(domain, ["senet", "relay"], FakeResolver(texts))
    assert all(each.message and each.advice and each.where == "from address" for each in found)
    assert all(each.severity in {"warning", "information"} for each in found)
    return [each.code for each in found]


def without(name: str, *texts: str) -> dict[str, Sequence[str]]:
    return {**GOOD, name: list(texts)}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (GOOD, []),
        (without("shop.example", "nothing"), ["spf_missing"]),
        (without("shop.example", "v=spf10 x"), ["spf_missing"]),
        (without("shop.example", "v=spf1 -all", "v=spf1 ~all"), ["spf_repeated"]),
        (without("shop.example", "v=spf1 +all"), ["spf_open"]),
        (without("shop.example", "v=spf1 a all"), ["spf_open"]),
        (without("senet._domainkey.shop.example", "v=DKIM1; p="), ["dkim_missing"]),
        ({**without("senet._domainkey.shop.example"), "relay._domainkey.shop.example": ["p=AAAA"]}, []),
        (without("_dmarc.shop.example", "v=DMARC1; p=none"), ["dmarc_watches"]),
        (without("_dmarc.shop.example", "v=DMARC1; rua=mailto:x@y.example"), ["dmarc_broken"]),
        (without("_dmarc.shop.example", "hello"), ["dmarc_missing"]),
        ({}, ["domain_missing"]),
    ],
)
def test_each_gap_is_found_by_itself(texts: Mapping[str, Sequence[str]], expected: list[str]) -> None:
    assert codes(texts) == expected


def test_a_sub_domain_is_covered_by_the_policy_above_it() -> None:
    texts = {
        "news.shop.example": ["v=spf1 -all"],
        "senet._domainkey.news.shop.example": [KEY],
        "_dmarc.shop.example": ["v=DMARC1; p=quarantine"],
    }
    assert codes(texts, "news.shop.example") == []


def test_nobody_is_asked_about_what_is_no_domain_or_when_lookups_are_off() -> None:
    class Refuses:
        def find_texts(self, name: str) -> list[str] | None:
            raise AssertionError(name)

    for domain in ("", "localhost", "a b.example", "x" * 300 + ".example", "[192.0.2.1]", "{{ contact.x }}"):
        assert check_domain(domain, ["senet"], Refuses()) == []
    assert find_resolver("off") is None
    assert check_domain("shop.example", ["senet"], None) == []


def test_a_real_name_server_is_asked_and_its_long_keys_are_put_together() -> None:
    with name_server(GOOD) as address:
        resolver = KeepingResolver(address)
        assert resolver.find_texts("senet._domainkey.shop.example") == [KEY]
        assert resolver.find_texts("_domainkey.shop.example") == []
        assert resolver.find_texts("nothing.example") is None
        assert check_domain("shop.example", ["senet", "relay"], resolver) == []
        started = time.monotonic()
        for _ in range(1_000):
            resolver.find_texts("shop.example")
        assert time.monotonic() - started < 0.5  # answers are kept


def test_a_server_that_does_not_answer_is_said_to_and_is_not_asked_again_at_once() -> None:
    with name_server({}, silent=True) as address:
        resolver = KeepingResolver(address)
        started = time.monotonic()
        (problem,) = check_domain("shop.example", ["senet"], resolver)
        assert (problem.code, problem.severity) == ("domain_not_looked_up", "information")
        assert time.monotonic() - started < 6
        again = time.monotonic()
        with pytest.raises(LookupFailed):
            resolver.find_texts("shop.example")
        assert time.monotonic() - again < 0.5


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([KEY], []),
        ([" ".join((KEY[:100], KEY[100:]))], []),  # as some name servers' pages cut it
        (["something else", KEY + ";"], []),
        ([], ["dkim_missing"]),
        (["v=DKIM1; p="], ["dkim_missing"]),
        (["v=DKIM1; k=rsa; p=BBBB"], ["dkim_different"]),
    ],
)
def test_the_key_that_will_sign_is_looked_up_and_not_any_other(texts: list[str], expected: list[str]) -> None:
    signing = [SigningName("s1._domainkey.shop.example", KEY)]  # of the domain above
    there = {**GOOD, "senet._domainkey.shop.example": [], "mail.shop.example": GOOD["shop.example"]}
    resolver = FakeResolver({**there, "s1._domainkey.shop.example": texts})
    found = check_domain("mail.shop.example", ["senet"], resolver, signing)
    assert [problem.code for problem in found] == expected
    assert all("s1._domainkey.shop.example" in problem.message + problem.advice for problem in found)


def test_each_of_two_keys_has_to_be_there() -> None:
    signing = [SigningName(f"{name}._domainkey.shop.example", KEY) for name in ("senet", "ed")]
    found = check_domain("shop.example", [], FakeResolver(GOOD), signing)
    assert [(problem.code, "ed._domainkey" in problem.message) for problem in found] == [("dkim_missing", True)]
