"""Where the programs of a control plane are: named by KUBEBUILDER_ASSETS, else built and cached by the scripts."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WRAPPER = ROOT / "script/lib/control-plane/go.mod"
FROM_DEBIAN = "debian-1.20"
"""The folder of the fall-back, an old Kubernetes out of Debian's sources."""


class NoBinary(Exception):
    """A program of the control plane is not on this machine; the text says how to get it."""


def find(name: str) -> Path:
    """The program `name`. Raises NoBinary."""
    for folder in _folders():
        if os.access(folder / name, os.X_OK):
            return folder / name
    if found := shutil.which(name):
        return Path(found)
    raise NoBinary(
        f"{name} is not on this machine. script/control-plane gets it; or let KUBEBUILDER_ASSETS name its folder"
    )


def version_wanted() -> str:
    """The Kubernetes release that is built, such as `v1.36.3`."""
    found = re.search(r"k8s\.io/kubernetes (v[0-9.]+)", WRAPPER.read_text())
    assert found, f"{WRAPPER} does not require k8s.io/kubernetes"
    return found[1]


def _folders() -> Iterator[Path]:
    if assets := os.environ.get("KUBEBUILDER_ASSETS"):
        yield Path(assets)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "weirflow/control-plane"
    yield cache / version_wanted()
    yield cache / FROM_DEBIAN
