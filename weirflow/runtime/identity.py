"""Under which name a host holds its Leases: the same after a restart, and never that of another running host."""

from __future__ import annotations

import fcntl
import getpass
import os
import socket
from pathlib import Path
from typing import IO

from weirflow.kube.resources import sanitize

_SLOTS = 64


class Identity:
    """In a pod the pod's name. On a machine the lowest numbered slot that no running host has: its lock file is freed
    by the system however the process ends. Hosts that a person runs ``by_hand`` count for themselves, so that they take
    no name of the product's own, and say in it whose they are."""

    def __init__(self, home: Path, slot: int = 0, *, by_hand: bool = False) -> None:
        """``slot`` is tried first: of several hosts started together each keeps the same one over restarts."""
        self._lock: IO[str] | None = None
        #: The pod's name; empty outside a pod.
        self.pod = os.environ.get("HOSTNAME", "") if os.environ.get("KUBERNETES_SERVICE_HOST") else ""
        if named := os.environ.get("WEIRFLOW_IDENTITY") or self.pod:
            self.name = sanitize(named)
            return
        folder = home / ("hosts-by-hand" if by_hand else "hosts")
        machine = machine_name(by_hand=by_hand)
        folder.mkdir(parents=True, exist_ok=True)
        for number in (slot, *range(_SLOTS)):
            file = (folder / f"{number}.lock").open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                continue
            self._lock = file
            self.name = f"{machine}-{number}"
            return
        raise RuntimeError(f"{_SLOTS} module hosts run with WEIRFLOW_HOME={home} already; stop some of them")

    def release(self) -> None:
        """Free the slot."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def machine_name(*, by_hand: bool = False) -> str:
    """What the identities of this machine's hosts begin with, or of those that this person runs ``by_hand``."""
    return f"{sanitize(socket.gethostname()) or 'host'}{_person() if by_hand else ''}"


def _person() -> str:
    try:
        person = sanitize(getpass.getuser())
    except (KeyError, OSError):
        # A user id without a name, as in some containers.
        person = f"user-{os.getuid()}"
    return f"-by-hand-{person}"
