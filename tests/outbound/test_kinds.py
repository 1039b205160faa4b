"""What an address is, by the registries and by what it carries inside."""

from ipaddress import ip_address, ip_network
from random import Random

import pytest

from weirflow.outbound.kinds import Kind, is_own, kind_of

KINDS = {
    Kind.PUBLIC: ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808",
                  "2002:808:808::1"),
    Kind.PRIVATE: ("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "192.0.2.1",
                   "240.0.0.1", "fc00::1", "fd12::1", "fec0::1", "2001:db8::1", "64:ff9b:1::1", "64:ff9b::a00:1",
                   "2002:c0a8:101::1", "::ffff:10.0.0.1", "2001:0:808:808::f5ff:fffe", "::8.8.8.8"),
    Kind.LOOPBACK: ("127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
                    "::127.0.0.1", "2001:0:808:808:0:0:80ff:fffe", "2606:4700::5efe:7f00:1"),
    Kind.LINK_LOCAL: ("169.254.1.1", "fe80::1", "febf::1", "::ffff:169.254.9.9", "64:ff9b::a9fe:909"),
    Kind.METADATA: ("169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200",
                    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "169.254.170.2"),
    Kind.NOWHERE: ("0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.1.1.1", "255.255.255.255", "ff02::1",
                   "::ffff:0.0.0.0", "64:ff9b::"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in KINDS.items() for text in texts])
def test_an_address_is_of_its_kind(text: str, kind: Kind) -> None:
    assert kind_of(ip_address(text)) is kind


FORMS = (
    "::ffff:{v4}", "::{v4}", "64:ff9b::{v4}", "64:ff9b:1::{v4}", "2002:{hex}::1", "2001:0:808:808::{inverted}",
    "2606:4700::5efe:{v4}", "2606:4700::200:5efe:{v4}",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_no_form_makes_an_address_look_farther_than_it_is(form: str) -> None:
    chance = Random(9)
    for network in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "172.16.0.0/12", "100.64.0.0/10"):
        whole = ip_network(network)
        for _ in range(200):
            number = int(whole[chance.randrange(whole.num_addresses)])
            v4 = ip_address(number)
            pair = f"{number >> 16:x}:{number & 0xFFFF:x}"
            flipped = number ^ 0xFFFFFFFF
            text = form.format(v4=v4, hex=pair, inverted=f"{flipped >> 16:x}:{flipped & 0xFFFF:x}")
            assert kind_of(ip_address(text)) is not Kind.PUBLIC, text


def test_a_zone_changes_nothing() -> None:
    assert kind_of(ip_address("fe80::1%eth0")) is Kind.LINK_LOCAL


def test_this_machine_knows_its_own_addresses() -> None:
    assert is_own(ip_address("127.0.0.1"))
    assert not is_own(ip_address("8.8.8.8"))
