"""A cluster of somebody else's instead of the embedded one."""

import os
from pathlib import Path
from typing import NamedTuple

from config.supervisor.errors import StartError


class Remote(NamedTuple):
    """The kubeconfigs by which web and module hosts reach it."""

    web: Path
    modules: Path


def remote_cluster() -> Remote | None:
    """What WEIRFLOW_KUBECONFIG names; None without it. Raises StartError.

    Where `<file>.web` and `<file>.modules` are, as `install_cluster` writes them, each process has its own rights only.
    """
    named = os.environ.get("WEIRFLOW_KUBECONFIG")
    if not named:
        return None
    file = Path(named).expanduser().absolute()
    web, modules = (path if (path := Path(f"{file}.{role}")).exists() else file for role in ("web", "modules"))
    for path in (web, modules):
        if not path.is_file():
            raise StartError(
                f"WEIRFLOW_KUBECONFIG is {named}, and neither {file} nor {file}.web and {file}.modules are there. "
                "manage.py install_cluster writes them; without the variable, the embedded cluster is used."
            )
    return Remote(web, modules)
