"""A network of its own for one process, as a pod has it: reached at an address that is not loopback, its loopback its
own."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class PodNetwork:
    """``address`` is the pod's as seen from the machine. Needs root and iproute2."""

    def __init__(self) -> None:
        self.name = f"weirflow-{os.urandom(3).hex()}"
        # For measuring networks (RFC 2544): nobody's address, and yet one that an API server connects to.
        net = f"198.{random.choice((18, 19))}.{random.randrange(256)}.{random.randrange(64) * 4}".rpartition(".")
        self.machine, self.address = (f"{net[0]}.{int(net[2]) + number}" for number in (1, 2))
        self._forwards: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        assert shutil.which("ip"), "ip is not on this machine; get it with: apt-get install iproute2"
        assert os.geteuid() == 0, "making a network needs root; run these tests with: sudo script/test tests/cluster"
        inside, outside = f"{self.name[-6:]}-in", f"{self.name[-6:]}-out"
        _ip("netns", "add", self.name)
        try:
            _ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", self.name)
            _ip("address", "add", f"{self.machine}/30", "dev", outside)
            _ip("link", "set", outside, "up")
            for command in (f"address add {self.address}/30 dev {inside}", f"link set {inside} up", "link set lo up"):
                _ip("-n", self.name, *command.split())
        except BaseException:
            _ip("netns", "del", self.name)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for forward in self._forwards:
            forward.kill()
            forward.wait()
        _ip("netns", "del", self.name)

    def inside(self, *command: str) -> list[str]:
        """``command`` as it is to be run to run inside."""
        return ["ip", "netns", "exec", self.name, *command]

    def let_out(self, port: int) -> None:
        """Whoever inside connects to its own loopback at ``port`` reaches the machine's."""
        self._forward([], self.machine, port, "127.0.0.1", port)
        self._forward(self.inside(), "127.0.0.1", port, self.machine, port)

    def let_in(self, port: int) -> None:
        """Whoever on the machine connects to its loopback at ``port`` reaches the pod's address."""
        self._forward([], "127.0.0.1", port, self.address, port)

    def _forward(self, prefix: list[str], *route: str | int) -> None:
        command = [*prefix, sys.executable, "-m", "tests.cluster.forward", *map(str, route)]
        self._forwards.append(subprocess.Popen(command, cwd=ROOT))


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"
