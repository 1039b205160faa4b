"""What is odd about an API server that is not a current one, found out by asking it, and the cases that go without it.

`python -m tests.cluster.plane.quirks FOLDER` asks the programs in FOLDER and writes the file `quirks` beside them.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cluster.plane.binaries import NoBinary, find
from weirflow.kube.definitions import tiny_definitions

NODES = "/apis/operator.tinysystems.io/v1alpha1/namespaces/default/tinynodes"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
Ask = Callable[..., tuple[int, Any]]

CASES: dict[str, tuple[str, ...]] = {
    "refuses empty strings": ("tests/api/test_status.py::test_empty_strings_are_values",),
    "is Kubernetes 1.20": (
        # Causes do not say which item of a list is meant.
        "tests/api/test_kubectl.py::test_what_is_invalid_says_why",
        "tests/api/test_validation.py::test_a_spec_that_is_refused_says_where",
        # Some patches that are none end the connection, others are 422.
        "tests/api/test_patches.py::test_operations_that_the_rfc_does_not_know",
        "tests/api/test_patches.py::test_patches_that_cannot_be_read",
        # The last bookmark of a short watch does not come.
        "tests/api/test_watch.py::test_a_bookmark_tells_how_far_a_quiet_watch_has_come",
        # What has changed since the recording has not changed here.
        "tests/api/test_transcript_today.py",
    ),
}
"""The cases that a quirk makes pointless, by the beginning of their names."""


def known(name: str = "kube-apiserver") -> frozenset[str]:
    """The quirks of the API server that tests would use."""
    try:
        file = find(name).parent / "quirks"
    except NoBinary:
        return frozenset()
    return frozenset(file.read_text().splitlines()) if file.exists() else frozenset()


def excluded() -> tuple[str, ...]:
    """How the names of the cases begin that cannot hold on this API server."""
    return tuple(start for quirk in sorted(known()) for start in CASES[quirk])


def examine(ask: Ask) -> list[str]:
    """The quirks of a server that has the Tiny definitions."""
    found = ["is Kubernetes 1.20"] if ask("GET", "/version")[1]["minor"].startswith("20") else []
    for node in ({"name": "labelled", "labels": {"a": "b"}}, {"name": "empty"}):
        spec = {"module": "" if node["name"] == "empty" else "m", "component": "c"}
        body = {"apiVersion": "operator.tinysystems.io/v1alpha1", "kind": "TinyNode", "metadata": node, "spec": spec}
        status, answer = ask("POST", NODES, body)
        if node["name"] == "empty" and status == 422:
            found.append("refuses empty strings")
        elif status != 201:
            raise SystemExit(f"this API server cannot be used: creating {node['name']} answers {status}: {answer}")
    return found


def main(folder: Path) -> None:
    """Start what is in the folder, examine it, and write down what was found."""
    from tests.cluster.plane.plane import ControlPlane
    from tests.waiting import wait_until

    os.environ["KUBEBUILDER_ASSETS"] = str(folder)
    with tempfile.TemporaryDirectory() as home, ControlPlane(Path(home)) as plane:
        for definition in tiny_definitions():
            status, answer = plane.call("POST", DEFINITIONS, definition)
            assert status == 201, answer
        wait_until(lambda: plane.call("GET", NODES)[0] == 200, "the definitions are not served")
        found = examine(plane.call)
    (folder / "quirks").write_text("".join(f"{quirk}\n" for quirk in found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
