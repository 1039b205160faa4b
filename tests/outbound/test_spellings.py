"""A host is one host, however it is spelled."""

from ipaddress import ip_address

import pytest

from weirflow.outbound.spellings import NoHost, read_host


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0177.1", "127.0.0.1.",
        "0x7F.0.0.0x1", "①②⑦.0.0.1", "127。0。0。1", "[::ffff:127.0.0.1]", "::ffff:7f00:1", "[::FFFF:7F00:0001]",
    ],
)  # fmt: skip
def test_every_spelling_of_an_ipv4_address_is_read_as_that_address(text: str) -> None:
    assert read_host(text) == ip_address("127.0.0.1")


def test_names_are_in_lower_case_without_their_last_dot_and_in_ascii() -> None:
    assert read_host("API.Example.COM.") == "api.example.com"
    assert read_host("bücher.example") == "xn--bcher-kva.example"
    assert read_host("my_service") == "my_service"


def test_a_zone_belongs_to_link_local_addresses() -> None:
    assert str(read_host("[fe80::1%25eth0]")) == str(read_host("fe80::1%eth0")) == "fe80::1%eth0"
    for text in ("::1%lo", "2001:db8::1%eth0", "fe80::1%", "fe80::1%a/b"):
        with pytest.raises(NoHost):
            read_host(text)


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", "256.1.1.1", "1.2.3.4.5", "09.1.1.1", "a b", "a/b", "user@host", "ho%73t", "a\n.b",
     "[a]", "[1.2.3.4]", ":::1", "::1]", "x" * 64 + ".example", "4294967296", "a:80", "-", "x" * 300],
)  # fmt: skip
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(NoHost):
        read_host(text)
