"""The recording, made of an old API server, on the one of today: what servers have changed since is on one list.

It tells whether an answer of the embedded cluster that was right for the recording is still right.
"""

import asyncio

import pytest

from tests.api.transcript import replay
from tests.api.wires import HttpWire
from tests.cluster.plane import ETCD, SERVER, ControlPlane

pytestmark = pytest.mark.cluster

CHANGED = {
    "the wording of messages, and how often a cause is listed": """
        create-03 create-05 create-08 create-14 create-15 create-20 create-31 create-40 put-04 put-13 put-25
        patch-18 patch-33 fin-11 watch-15 lease-05 lease-08 lease-09 lease-10 lease-15 lease-18 lease-19 cm-06 cm-09
        sec-02 ssa-13 ssa-26 ssg-13 ssg-26 auth-12
    """,
    "a client's mistake is 400, a version of the future 504; the embedded cluster answers so too": """
        patch-12 patch-13 del-08 del-09 rvm-12
    """,
    "other groups, kinds, verbs and paths; OpenAPI v3": """
        disc-01 disc-03 disc-05 disc-06 disc-07 disc-08 disc-12 disc-13 disc-14 disc-15 disc-18 get-22
    """,
    "recorded as a summary": "get-08 get-14 get-24 get-27",
    "this run has no compaction: old versions are still there": "page-05 page-13 rvm-10 watch-10 watch-11",
    "the server writes objects of its own in between, so a list has a newer version": """
        rvm-01 table-01 table-02 table-03 table-05 table-06 table-07 table-09 table-10
    """,
    "server-side apply knows the whole schema now": "ssa-07 ssa-08 ssa-11 ssa-14 ssa-16 ssa-19 ssa-23 ssa-24",
    "what is not made as the schema says is still an error of the server; others words for it": "ssg-11 ssg-23 ssg-24",
    "an apply does not touch the status; the embedded cluster answers so too": "ssa-18 ssg-18",
    "an apply that changes only owners leaves no time and stands first; in the embedded cluster too": """
        ssg-04 ssg-14 ssg-16
    """,
    "Debian's etcd does not tell how far it is: a watch without a version may wait in vain for the newest": """
        watch-03 watch-06 watch-08 watch-09 watch-16 watch-17 watch-18 watch-20
    """,
    "a new definition is waited for before the replay goes on": "crd-02",
    "protobuf that is none ends the connection": "create-28",
    "a definition with held objects goes in its own time": "crd-05 crd-06 crd-07 crd-08 crd-09",
}
"""Why an answer may differ from the recorded one, and the exchanges that may."""

MAY_DIFFER = {name for names in CHANGED.values() for name in names.split()}


@pytest.fixture(scope="module")
def differences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    plane = ControlPlane(tmp_path_factory.mktemp("recording"))

    async def run() -> dict[str, list[str]]:
        async with HttpWire.session(plane) as session:
            return await replay(HttpWire(plane, session), set(), set())

    try:
        # As it was recorded: without the controllers, which would collect what some exchanges leave behind.
        plane.start(ETCD)
        plane.start(SERVER)
        return asyncio.run(run())
    finally:
        plane.stop()


def test_nothing_has_changed_but_what_is_listed(differences: dict[str, list[str]]) -> None:
    changed = {name: found for name, found in differences.items() if found and name not in MAY_DIFFER}
    assert changed == {}


def test_most_answers_are_the_recorded_ones(differences: dict[str, list[str]]) -> None:
    assert len([name for name, found in differences.items() if not found]) >= 300
    assert differences.keys() >= MAY_DIFFER
