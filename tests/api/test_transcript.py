"""The embedded cluster against 427 exchanges recorded from a real API server."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.api.transcript import recorded, replay
from tests.api.wires import CalledWire
from weirflow.embedded import EmbeddedCluster

NOT_SERVED = {
    "get-07": "YAML answers",
    "auth-02": "tokens are read by the HTTP layer: see test_server",
    "ns-11": "the namespace's content goes with it at once, see ns-10",
    "ns-12": "see ns-10",
    "ns-13": "see ns-10",
}
"""What is not replayed, by id or series, and why."""

OTHER_STATUS = {
    "crd-02": (200, "a new definition is served at once"),
    "disc-15": (200, "OpenAPI v3 is served; the recorded version did not have it"),
    "create-28": (415, "protobuf is refused as an unknown form"),
    "create-32": (400, "a client's mistake is not a server error"),
    "create-36": (413, "too large for the store is too large"),
    "get-06": (400, "a client's mistake is not a server error"),
    "put-26": (400, "a client's mistake is not a server error"),
    "patch-13": (400, "a client's mistake is not a server error"),
    "del-08": (400, "a client's mistake is not a server error"),
    "del-09": (400, "a client's mistake is not a server error"),
    "watch-13": (400, "a client's mistake is not a server error"),
    "rvm-12": (504, "as the other requests for a version in the future"),
    "patch-12": (400, "a merge patch that is no object: as later servers answer"),
    "del-16": (200, "200 for whatever is not gone yet, as for other policies"),
    "ns-10": (404, "a namespace without finalizers inside is gone when its deletion is answered"),
    "ssa-07": (200, "the schema is known whatever stands in it: lists are joined by their keys, as later servers do"),
    "ssa-08": (200, "as ssa-07"),
    "ssa-11": (400, "a field that the schema does not know is the client's mistake"),
    "ssa-18": (200, "an apply does not touch the status where it has a way of its own, as later servers have it"),
    "ssa-23": (400, "an apply is checked against the schema first"),
    "ssa-24": (400, "as ssa-23"),
    "ssg-11": (400, "a client's mistake is not a server error"),
    "ssg-18": (200, "as ssa-18"),
    "ssg-23": (400, "a client's mistake is not a server error"),
    "ssg-24": (400, "a client's mistake is not a server error"),
    "auth-10": (404, "what nobody may have is not found"),
}
"""Deliberately other answers: our status, and why."""

OTHER_BODY = {
    "create-03": "a field inside a list is named with its index, as later servers do",
    "crd-01": "names are accepted at once",
    "crd-03": "wording of conditions; no conversion",
    "crd-08": "recorded as a summary",
    "disc-01": "our own version",
    "disc-03": "our own groups",
    "disc-05": "verbs in one order for all kinds; no Gear",
    "disc-08": "our own kinds",
    "disc-12": "answered in one list, as later servers do",
    "disc-13": "recorded as a summary",
    "disc-14": "recorded as a size",
    "disc-18": "our own paths",
    "get-22": "our own paths",
    "get-08": "key order and newlines are free",
    "get-14": "key order and newlines are free",
    "get-24": "recorded as bytes",
    "get-27": "recorded as a summary",
    "table-10": "one version of Table",
    "event-09": "fewer columns; events.k8s.io's event is missing",
    "ssa-14": "follows ssa-07 and ssa-08",
    "ssa-16": "follows ssa-07 and ssa-08",
    "ssa-19": "follows ssa-07 and ssa-08",
    "ssg-04": "an apply that changes only owners leaves no time, as later servers have it, and stands first",
    "ssg-14": "as ssg-04",
    "ssg-16": "as ssg-04",
    "watch-10": "names another oldest version: all of ours are kept",
}
"""Same status, deliberately another body: why."""

OWN_WORDS = {
    "create-14", "create-15", "create-20", "create-22", "create-23", "create-24", "create-25",
    "create-43", "get-09", "page-06", "page-12", "page-13", "table-11", "put-14", "patch-15", "patch-16", "patch-18",
    "patch-19", "patch-20", "patch-22", "patch-23", "patch-24", "fin-11", "watch-14", "watch-21", "lease-08",
    "lease-09", "lease-10", "lease-15", "lease-18", "lease-19", "cm-06", "sec-02", "auth-04", "auth-05", "auth-06",
    "auth-07", "auth-08", "auth-09", "ssa-26", "ssg-26", "watch-15",
}  # fmt: skip
"""Only the wording differs: the recorded text quotes Go, lists causes in another order, or names a test user."""

LEAST_EQUAL = 309


def is_skipped(name: str) -> bool:
    return name in NOT_SERVED or re.sub(r"\d+[a-z]?$", "", name) in NOT_SERVED


EXCHANGES = recorded()
REPLAYED = [exchange["id"] for exchange in EXCHANGES if not is_skipped(exchange["id"])]


@pytest.fixture(scope="module")
def differences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    directory: Path = tmp_path_factory.mktemp("transcript")
    skipped = {exchange["id"] for exchange in EXCHANGES if is_skipped(exchange["id"])}

    async def run() -> dict[str, list[str]]:
        cluster = await EmbeddedCluster.open(directory, collect=False)
        found = await replay(CalledWire(cluster), skipped, OWN_WORDS)
        await cluster.close()
        return found

    return asyncio.run(run())


@pytest.mark.parametrize("name", REPLAYED)
def test_answers_like_the_real_server(name: str, differences: dict[str, list[str]]) -> None:
    found = differences[name]
    if name in OTHER_STATUS:
        ours, reason = OTHER_STATUS[name]
        assert found, f"{name} now answers as recorded: take it off the list"
        assert found[0].startswith(f"status {ours},"), (reason, found)
    elif name in OTHER_BODY:
        assert found, f"{name} now answers as recorded: take it off the list"
        assert not found[0].startswith("status "), found
    else:
        assert found == []


def test_the_share_of_equal_answers_does_not_shrink(differences: dict[str, list[str]]) -> None:
    equal = [name for name, found in differences.items() if not found]
    assert len(EXCHANGES) == 427
    assert len(equal) >= LEAST_EQUAL
