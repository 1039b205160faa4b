"""A name is looked up once, and what was judged is what is connected to."""

import asyncio
import socket
from contextlib import AsyncExitStack

import pytest

from tests.outbound.peers import LOOPBACKS, peer
from weirflow import Fail
from weirflow.outbound.caller import Caller
from weirflow.outbound.guard import Guard
from weirflow.outbound.lookup import Found, Names
from weirflow.outbound.policy import Policy


class Zone:
    """Answers for names, each time the next of its answers; the last stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def look_up(self, host: str) -> Found:
        self.asked += 1
        texts = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        families = [socket.AF_INET6 if ":" in text else socket.AF_INET for text in texts]
        return [
            (family, socket.SOCK_STREAM, 0, "", (text, 0, 0, 0) if ":" in text else (text, 0))
            for family, text in zip(families, texts, strict=True)
        ]


async def denied(guard: Guard, host: str, port: int = 80) -> Fail:
    with pytest.raises(Fail) as caught:
        await guard.resolve(host, port)
    assert caught.value.code == "outbound_denied"
    assert caught.value.permanent
    return caught.value


async def test_one_bad_address_of_a_name_refuses_the_name() -> None:
    guard = Guard(Policy(), lookup=Zone(["8.8.8.8", "127.0.0.1"]).look_up)
    text = str(await denied(guard, "mixed.example"))
    assert text.startswith("mixed.example:80 is not allowed")
    assert "127.0.0.1" in text


async def test_a_refusal_says_where_an_owner_allows_it() -> None:
    guard = Guard(Policy(), Zone(["10.0.0.5"]).look_up)
    assert "the project's page Outbound" in str(await denied(guard, "db.corp", 5432))
    guard = Guard(Policy.of(operator_deny=["private"]), Zone(["10.0.0.5"]).look_up)
    text = str(await denied(guard, "db.corp", 5432))
    assert "WEIRFLOW_OUTBOUND_DENY" in text
    assert "owner" not in text


async def test_a_name_that_leads_elsewhere_the_second_time_is_connected_to_where_it_was_judged() -> None:
    async with peer() as public, peer() as private:
        # Both are of this machine here; the list stands for what is public.
        zone = Zone(["127.0.0.1"], ["127.0.0.2"])
        caller = Caller(Guard(Policy.of(["127.0.0.1"]), lookup=zone.look_up))
        try:
            await caller.request("GET", f"http://rebind.example:{public.port}/")
            assert zone.asked == 1
            # The kept connection still leads there, whatever the name says by now.
            await caller.request("GET", f"http://rebind.example:{public.port}/")
            assert (zone.asked, public.connections) == (1, 1)
            with pytest.raises(Fail) as caught:
                await caller.request("GET", f"http://rebind.example:{private.port}/")
            assert caught.value.code == "outbound_denied"
            assert not private.asked
        finally:
            caller.close()


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:7f00:1]", "[::]", "0"])
async def test_no_spelling_leads_past_the_guard(spelling: str) -> None:
    caller = Caller(Guard(Policy()))
    with pytest.raises(Fail) as caught:
        await caller.request("GET", f"http://{spelling}:9/")
    assert caught.value.code == "outbound_denied"


@pytest.mark.parametrize(
    "spelling",
    ["::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:808:808::80ff:fffe",
     "fe80::1%25lo"],
)  # fmt: skip
async def test_no_ipv6_form_of_this_machine_is_called(spelling: str) -> None:
    async with AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(peer(address)) for address in LOOPBACKS]
        caller = Caller(Guard(Policy()))
        for each in peers:
            with pytest.raises(Fail) as caught:
                await caller.request("GET", f"http://[{spelling}]:{each.port}/")
            assert caught.value.code == "outbound_denied"
        assert [each.connections for each in peers] == [0] * len(LOOPBACKS)


@pytest.mark.parametrize("address", LOOPBACKS)
async def test_a_server_is_called_where_it_is_listed(address: str) -> None:
    literal = f"[{address}]" if ":" in address else address
    async with peer(address) as server:
        for host, caller in (
            (literal, Caller(Guard(Policy.of([f"{literal}:{server.port}"])))),
            ("six.example", Caller(Guard(Policy.of(["six.example"]), lookup=Zone([address]).look_up))),
        ):
            assert (await caller.request("GET", f"http://{host}:{server.port}/")).status == 200
            sock = await caller.connect(host, server.port)
            assert sock.getpeername()[:2] == (address, server.port)
            sock.close()
            caller.close()
        assert server.asked[0].headers["host"] == f"{literal}:{server.port}"


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with peer() as proxy, peer() as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.upper(), proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        caller = Caller(Guard(Policy.of(["127.0.0.1"])))
        await caller.request("GET", server.url)
        sock = await caller.connect("127.0.0.1", server.port)
        sock.close()
        caller.close()
        assert (proxy.connections, len(server.asked)) == (0, 1)


async def test_the_addresses_of_this_machine_are_its_own_whatever_network_they_are_of() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        own = probe.getsockname()[0]
    if own.startswith("127."):
        own = "127.0.0.9"
    assert "this machine itself" in str(await denied(Guard(Policy()), own))


async def test_a_name_without_an_address_may_be_tried_again() -> None:
    def nothing(host: str) -> Found:
        raise socket.gaierror(-2, "Name or service not known")

    guard = Guard(Policy(), lookup=Names(nothing).look_up)
    with pytest.raises(Fail, match=r"nowhere\.example has no address \(Name or service not known\)") as caught:
        await guard.resolve("nowhere.example", 80)
    assert caught.value.code == "outbound_unresolved"
    assert caught.value.retryable


async def test_a_thousand_who_ask_for_a_name_at_once_share_one_lookup() -> None:
    asked = []

    def slowly(host: str) -> Found:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 0))]

    guard = Guard(Policy(), lookup=Names(slowly).look_up)
    found = await asyncio.gather(*(guard.resolve("one.example", 443) for _ in range(1000)))
    assert asked == ["one.example"]
    assert {address.ip for addresses in found for address in addresses} == {"8.8.8.8"}


async def test_dead_name_servers_hold_up_only_who_asks_them() -> None:
    import threading

    release = threading.Event()

    def dead(host: str) -> Found:
        release.wait(30)
        return []

    guard = Guard(Policy(), lookup=Names(dead).look_up)
    waiting = [asyncio.create_task(guard.resolve(f"{number}.example", 80)) for number in range(32)]
    await asyncio.sleep(0)
    with pytest.raises(Fail, match="no name server answers"):
        await guard.resolve("late.example", 80)
    await guard.resolve("8.8.8.8", 80)
    release.set()
    assert all(isinstance(one, Fail) for one in await asyncio.gather(*waiting, return_exceptions=True))
