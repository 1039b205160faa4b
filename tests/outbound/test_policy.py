"""Lists as people write them, and what they allow."""

from ipaddress import ip_address

import pytest

from weirflow.outbound.entries import BadEntry, read_entry
from weirflow.outbound.kinds import kind_of
from weirflow.outbound.policy import Policy
from weirflow.outbound.spellings import read_host


def allows(policy: Policy, host: str, address: str, port: int = 443) -> bool:
    one = ip_address(address)
    return policy.refusal(read_host(host), port, one, kind_of(one)) is None


def test_by_default_the_internet_is_reached_and_nothing_nearer() -> None:
    policy = Policy()
    assert allows(policy, "example.com", "8.8.8.8")
    for near in ("10.0.0.1", "127.0.0.1", "169.254.1.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"):
        assert not allows(policy, "example.com", near), near


def test_a_name_opens_its_addresses_at_its_port_alone() -> None:
    policy = Policy.of(["db.corp:5432", "wiki.corp"])
    assert allows(policy, "db.corp", "10.0.0.1", 5432)
    assert not allows(policy, "db.corp", "10.0.0.1", 5433)
    assert allows(policy, "wiki.corp", "10.0.0.2", 80)
    assert not allows(policy, "sub.wiki.corp", "10.0.0.2")
    assert not allows(policy, "10.0.0.1", "10.0.0.1", 5432)


def test_a_wildcard_opens_what_is_below_a_domain_and_not_the_domain() -> None:
    policy = Policy.of(["*.corp.example"])
    assert allows(policy, "a.b.corp.example", "10.0.0.1")
    assert not allows(policy, "corp.example", "10.0.0.1")
    assert not allows(policy, "evilcorp.example", "10.0.0.1")


def test_a_network_opens_its_addresses_by_whatever_name() -> None:
    policy = Policy.of(["10.1.0.0/16", "fd12::/16", "[::1]:8080"])
    assert allows(policy, "anything.example", "10.1.2.3")
    assert not allows(policy, "anything.example", "10.2.0.1")
    assert allows(policy, "x.example", "fd12::7")
    assert allows(policy, "::1", "::1", 8080)
    assert not allows(policy, "::1", "::1", 8081)


def test_metadata_and_link_local_addresses_are_never_opened_by_a_name_a_wildcard_or_a_wide_network() -> None:
    wide = Policy.of(["*.example.com", "meta.example.com", "0.0.0.0/0", "::/0", "169.254.0.0/16"])
    assert allows(wide, "x.example.com", "10.0.0.1")
    for host in ("meta.example.com", "x.example.com", "169.254.169.254"):
        assert not allows(wide, host, "169.254.169.254")
    assert not allows(wide, "x.example.com", "fe80::1")
    assert allows(wide, "169.254.3.4", "169.254.3.4")
    assert allows(Policy.of(["169.254.169.254"]), "169.254.169.254", "169.254.169.254")
    assert allows(Policy.of(["169.254.169.254/32"]), "m.example", "169.254.169.254")
    assert not allows(Policy.of(["169.254.169.254:80"]), "169.254.169.254", "169.254.169.254", 443)


def test_only_what_is_listed_leaves_out_the_internet() -> None:
    policy = Policy.of(["api.example.com"], only_listed=True)
    assert allows(policy, "api.example.com", "8.8.8.8")
    assert not allows(policy, "example.com", "8.8.8.8")


def test_nothing_opens_addresses_that_lead_nowhere() -> None:
    policy = Policy.of(["0.0.0.0", "224.0.0.0/4", "x.example"])
    assert not allows(policy, "0.0.0.0", "0.0.0.0")
    assert not allows(policy, "x.example", "224.0.0.1")


def test_what_the_operator_denies_no_project_opens_and_what_he_allows_none_has_to_list() -> None:
    policy = Policy.of(
        ["127.0.0.1", "10.9.0.1", "shop.example"],
        operator_allow=["intranet.example"],
        operator_deny=["loopback", "10.9.0.0/16", "shop.example"],
    )
    assert not allows(policy, "127.0.0.1", "127.0.0.1")
    assert not allows(policy, "x.example", "10.9.0.1")
    assert not allows(policy, "shop.example", "8.8.8.8")
    assert not allows(Policy.of(["::/0"], operator_deny=["10.9.0.0/16"]), "x.example", "64:ff9b::10.9.0.1")
    assert allows(policy, "intranet.example", "10.0.0.7")
    assert allows(Policy.of(operator_allow=["private"]), "x.example", "10.0.0.7")


@pytest.mark.parametrize(
    "line",
    ["", " ", "http://example.com", "example.com/path", "10.0.0.0/33", "*", "*.com", "*.10.0.0.1", "a.*.b", "host:0",
     "host:70000", "host:x", "10.0.0.256", "a b", "x" * 400, "loopback:80/", "user@host", "::1%lo", "1/8/9"],
)  # fmt: skip
def test_what_is_no_entry_is_refused_in_words(line: str) -> None:
    with pytest.raises(BadEntry, match=r"\w"):
        read_entry(line)


def test_words_for_kinds_are_for_the_operator() -> None:
    assert read_entry("loopback", words=True).kind is not None
    assert read_entry("loopback").name == "loopback"
