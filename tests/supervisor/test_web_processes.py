"""Several web processes are started where they can know of each other, and refused where they cannot."""

import socket
from pathlib import Path

import pytest

from config.supervisor.errors import StartError
from config.supervisor.product import product, stop_order, web_names

SERVICES = {"WEIRFLOW_DATABASE_URL": "postgresql://me@db/weirflow", "WEIRFLOW_REDIS_URL": "redis://cache"}


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEIRFLOW_WEB_PROCESSES", *SERVICES):
        monkeypatch.delenv(name, raising=False)


def test_one_is_what_there_is() -> None:
    assert web_names() == ["web"]


@pytest.mark.parametrize("missing", sorted(SERVICES))
def test_several_need_what_they_share(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setenv("WEIRFLOW_WEB_PROCESSES", "3")
    for name, url in SERVICES.items():
        monkeypatch.setenv(name, url)
    assert web_names() == ["web-0", "web-1", "web-2"]
    monkeypatch.delenv(missing)
    with pytest.raises(StartError, match=missing):
        web_names()


@pytest.mark.parametrize("text", ["0", "33", "two"])
def test_what_is_no_number_of_processes_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("WEIRFLOW_WEB_PROCESSES", text)
    with pytest.raises(StartError, match="WEIRFLOW_WEB_PROCESSES"):
        web_names()


def test_they_take_from_one_queue_and_print_one_link() -> None:
    webs = ["web-0", "web-1"]
    with socket.create_server(("127.0.0.1", 0)) as flows, socket.create_server(("127.0.0.1", 0)) as listener:
        children = product(
            Path("home"), port=1, flows=flows, cluster_port=0, hosts=["modules"], webs=webs, listener=listener
        )
        specs = [child for child in children if child.name in webs]
        assert [child.name for child in specs] == webs
        assert {child.environment["WEIRFLOW_WEB_FD"] for child in specs} == {str(listener.fileno())}
        assert all(child.inherit == (listener.fileno(),) for child in specs)
    assert [child.environment.get("WEIRFLOW_PRINT_SIGNIN") for child in specs] == ["1", None]
    assert stop_order(["modules"], webs=webs)[0] == ("web-0", "web-1", "worker")
