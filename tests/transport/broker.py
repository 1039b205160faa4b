"""A nats-server that a test may kill."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from tests.ports import free_port
from tests.waiting import eventually


class Broker:
    """Listens on the same port after each start."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home, self._arguments = home, arguments
        self.port = free_port()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
        assert program, "nats-server is needed: apt-get install --yes --no-install-recommends nats-server"
        with (self.home / "nats.log").open("ab") as log:
            self._child = subprocess.Popen(
                [program, "-a", "127.0.0.1", "-p", str(self.port), *self._arguments], stdout=log, stderr=log
            )
        await eventually(self._listens, 40, "nats-server's listening")

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None
