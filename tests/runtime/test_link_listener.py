"""Where the link listens, and what it says when it cannot."""

import socket
from ipaddress import ip_address

import aiohttp
import pytest

from tests.runtime.keys import shared_key
from weirflow.runtime import link_proof
from weirflow.runtime.link import LinkServer
from weirflow.runtime.metrics import Metrics
from weirflow.runtime.metrics_page import MetricsPage
from weirflow.runtime.options import HostOptions, OptionError
from weirflow.runtime.telemetry import Telemetry
from weirflow.runtime.trace_view import TraceView
from weirflow.runtime.traces import Traces

KEY = b"k" * 32
CLUSTER = "https://127.0.0.1:6443"


def server() -> LinkServer:
    return LinkServer(
        Telemetry({}), TraceView(Traces(), {}), shared_key(KEY), "host-0", MetricsPage(Metrics(), shared_key(KEY))
    )


async def test_it_listens_on_loopback_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIRFLOW_LINK_HOST", raising=False)
    options = HostOptions.from_environment()
    assert (options.link_host, options.link_port) == ("127.0.0.1", 0)
    link = server()
    await link.start(options.link_host, options.link_port, CLUSTER)
    assert link.address == f"http://127.0.0.1:{link.port}"
    await link.stop()


async def test_on_all_interfaces_it_names_the_one_that_leads_to_the_cluster_and_asks_for_the_key_as_ever() -> None:
    link = server()
    # Documentation addresses: nothing is sent there, it only has to be somewhere else.
    await link.start("0.0.0.0", 0, "https://192.0.2.77:6443")
    host = link.address.removeprefix("http://").rpartition(":")[0]
    assert not ip_address(host).is_unspecified
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{link.address}/link/telemetry") as answer:
            assert answer.status == 401
        headers = {"Authorization": f"Bearer {KEY.hex()}"}
        async with session.ws_connect(f"{link.address}/link/telemetry", headers=headers) as opened:
            assert (await opened.receive_json())["hello"]["host"] == "host-0"
        # A call names the host it is meant for: through a proxy the Host header is the proxy's.
        headers = {link_proof.HEADER: link_proof.call(KEY, "host-0").header, "Host": "api.example:6443"}
        async with session.ws_connect(f"{link.address}/link/telemetry", headers=headers) as opened:
            assert (await opened.receive_json())["hello"]["host"] == "host-0"
    await link.stop()


async def test_a_port_that_is_taken_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        link = server()
        with pytest.raises(OptionError, match="WEIRFLOW_LINK_PORT"):
            await link.start("127.0.0.1", taken.getsockname()[1], CLUSTER)
        await link.stop()


def test_an_address_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_LINK_HOST", "everywhere")
    with pytest.raises(OptionError, match="WEIRFLOW_LINK_HOST"):
        HostOptions.from_environment()
