"""Which cluster a command speaks to: the kubeconfig that is named, or that of the Weirflow on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from weirflow.cli.failures import Exit, Failure

CLONE = Path(__file__).parents[2]
"""Where this command runs from, if that is a clone of the repository."""
KUBECONFIG_HELP = "Kubeconfig of the cluster (KUBECONFIG, else that of the Weirflow on this machine)."


@dataclass(frozen=True)
class Where:
    """``kubeconfig``, and the data directory that it stands in, if it is that of a Weirflow on this machine."""

    kubeconfig: Path
    home: Path | None


def find_cluster(named: Path | None) -> Where:
    """``named`` (`--kubeconfig`), ``KUBECONFIG``, or ``kubeconfig`` in the data directory: ``WEIRFLOW_HOME``, else
    `var` in this folder or one above it, else in the clone that this command runs from. Raises ``Failure``."""
    if named is not None:
        return _checked(named, "--kubeconfig")
    if text := os.environ.get("KUBECONFIG", ""):
        return _checked(Path(text.split(os.pathsep)[0]), "KUBECONFIG")
    if text := os.environ.get("WEIRFLOW_HOME", ""):
        file = Path(text) / "kubeconfig"
        if not file.is_file():
            raise _none(f"WEIRFLOW_HOME is {text}, and there is no kubeconfig in it: no Weirflow was started there yet")
        return _checked(file, "WEIRFLOW_HOME")
    here = Path.cwd()
    for folder in (here, *here.parents, CLONE):
        file = folder / "var" / "kubeconfig"
        if file.is_file():
            return _checked(file, "")
    raise _none("no cluster is named, and no Weirflow was found on this machine")


def _checked(file: Path, by: str) -> Where:
    file = file.expanduser()
    if not file.is_file():
        raise _none(f"there is no kubeconfig {file} ({by})")
    home = file.parent.resolve()
    return Where(file, home if (home / "cluster").is_dir() else None)


def _none(what: str) -> Failure:
    return Failure(
        f"{what}. Start one (script/run in a clone of Weirflow), set WEIRFLOW_HOME to its data directory, or name a "
        "kubeconfig with --kubeconfig",
        code="no_cluster",
        exit=Exit.UNREACHABLE,
    )
