import socket
from collections.abc import Iterator

import pytest

from config.supervisor.errors import StartError
from config.supervisor.ports import HOST, listener_from, port_from


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_names_itself_and_the_variable(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_PORT", str(taken))
    with pytest.raises(StartError, match=rf"Port {taken} is taken.* set WEIRFLOW_PORT"):
        port_from("WEIRFLOW_PORT", 8000)


@pytest.mark.parametrize("text", ["http", "-1", "70000", "80.5"])
def test_what_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_PORT", text)
    with pytest.raises(StartError, match=r"WEIRFLOW_PORT must be a port"):
        port_from("WEIRFLOW_PORT", 8000)


def test_zero_chooses_a_free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_PORT", "0")
    assert port_from("WEIRFLOW_PORT", 8000) > 0


def test_an_empty_variable_means_the_default(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_PORT", "")
    with pytest.raises(StartError, match=rf"Port {taken}"):
        port_from("WEIRFLOW_PORT", taken)


def test_a_listener_takes_connections_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_HTTP_PORT", "0")
    with listener_from("WEIRFLOW_HTTP_PORT", 8080) as listener:
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_a_listener_on_a_taken_port_is_refused(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_HTTP_PORT", str(taken))
    with pytest.raises(StartError, match=rf"Port {taken} is taken"):
        listener_from("WEIRFLOW_HTTP_PORT", 8080)
