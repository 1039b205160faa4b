"""The adversary finds what it is there for: each of these rules of the fence, left out, is missed within the bound."""

from collections.abc import Callable
from unittest import mock

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fence.machine import Fence, FenceWithEdits, FenceWithRival, on
from tests.fence.test_fence import SETTINGS
from tests.fence.world import Broken
from weirflow.embedded.cluster import EmbeddedCluster
from weirflow.kube.resources import Object
from weirflow.operations import OperationLog
from weirflow.runtime import state_writer
from weirflow.runtime.state_guard import Finding
from weirflow.runtime.state_patch import Stored, state_patch
from weirflow.runtime.state_writer import StateWriter
from weirflow.services import StateChange
from weirflow.state import StateStore
from weirflow.state_change import Snapshot

#: Stops at the first that is found. Which histories are tried depends on the modules that are loaded (hypothesis takes
#: constants from them), so the bound is thirty times what any of these needs; most take fewer than ten histories, since
#: the machine has rules that lead straight to where they show.
HURRY = settings(SETTINGS, max_examples=6000, phases=[Phase.generate], report_multiple_bugs=False)

Patched = list[Object]


def without_tests_of(path: str) -> Callable[..., Patched]:
    """The patch without what compares ``path``."""

    def patch(stored: Stored, metadata: dict[str, str], known: dict[str, str]) -> Patched:
        made = state_patch(stored, metadata, known)
        return [op for op in made if op["op"] != "test" or not op["path"].endswith(path)]

    return patch


def claims_blindly(stored: Stored, metadata: dict[str, str], known: dict[str, str]) -> Patched:
    """The first write of an epoch compares nothing."""
    made = state_patch(stored, metadata, known)
    claim = str(stored.epoch) != metadata["state-epoch"]
    return [op for op in made if op["op"] != "test" or not claim]


def by_wall_clock(store: StateStore, metadata: dict[str, str]) -> bool:  # type: ignore[type-arg]
    """The state with the later time is the newer one."""
    known = store._committed.model
    if store._loaded and known is not None and float(metadata.get("tally-at", 0)) <= known.at:  # type: ignore[attr-defined]
        return False
    return store._adopt(store._read(metadata))


def whatever_is_seen(store: StateStore, metadata: dict[str, str]) -> bool:  # type: ignore[type-arg]
    """What the watch shows is newer than what is known, always."""
    return store._adopt(store._read(metadata))


def no_answer_means_stored(
    writer: StateWriter,
    first: StateChange,
    last: StateChange,
    doubted: dict[str, str] | None,
    finding: Finding | None,
) -> bool:
    """A request that got no answer will have been applied."""
    return doubted is not None


def no_line_ends(writer: StateWriter, line: int) -> None:
    """A change is judged by epoch and version of what it was built on alone."""


def whatever_is_read_may_be_overwritten(
    writer: StateWriter,
    first: StateChange,
    last: StateChange,
    doubted: dict[str, str] | None,
    finding: Finding | None,
) -> bool:
    """Every newer state is taken for damage."""
    return False


_read = StateStore._read


def forgets_operations(store: StateStore, metadata: dict[str, str]) -> Snapshot:  # type: ignore[type-arg]
    """What another replica has applied is not remembered here."""
    snapshot = _read(store, metadata)
    snapshot.log = OperationLog()
    return snapshot


Mutation = tuple[type[Fence], object, str, Callable[..., object]]

MUTATIONS: dict[str, Mutation] = {
    "no epoch is compared": (FenceWithEdits, state_writer, "state_patch", without_tests_of("/state-epoch")),
    "no version is compared": (Fence, state_writer, "state_patch", without_tests_of("/state-version")),
    "what a failed change bore is tried": (FenceWithRival, StateWriter, "_ended_by", no_line_ends),
    "the very first write compares nothing": (Fence, state_writer, "state_patch", without_tests_of("/resourceVersion")),
    "a claim compares nothing": (Fence, state_writer, "state_patch", claims_blindly),
    "no answer counts as stored": (Fence, StateWriter, "_judge", no_answer_means_stored),
    "what others stored is taken for damage": (Fence, StateWriter, "_judge", whatever_is_read_may_be_overwritten),
    "adoption by wall clock": (Fence, StateStore, "load", by_wall_clock),
    "adoption of whatever is seen": (Fence, StateStore, "load", whatever_is_seen),
    "operations forgotten at adoption": (Fence, StateStore, "_read", forgets_operations),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_it_is_found(cluster: EmbeddedCluster, name: str) -> None:
    machine, where, what, mutant = MUTATIONS[name]
    with mock.patch.object(where, what, mutant), pytest.raises(Broken):
        run_state_machine_as_test(on(cluster, machine), settings=HURRY)
