"""A Redis server that keeps nothing on disk."""

from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.services.program import Program, found

PACKAGE = "redis-server"


class Redis:
    """`url` is what a product is given as WEIRFLOW_REDIS_URL."""

    def __init__(self, home: Path, *arguments: str) -> None:
        port = free_port()
        command = [found("redis-server", PACKAGE), "--bind", "127.0.0.1", "--port", str(port), "--save", "",
                   "--appendonly", "no", "--dir", str(home), *arguments]  # fmt: skip
        self._program = Program(command, port, home / "redis.log")

    @property
    def port(self) -> int:
        return self._program.port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, unless it runs."""
        self._program.start()

    def stop(self) -> None:
        """End it; what it held is gone."""
        self._program.stop()

    def kill(self) -> None:
        """kill -9."""
        self._program.kill()

    def run(self, *words: str) -> Any:
        """What it answers to a command."""
        import redis

        with redis.Redis.from_url(self.url, decode_responses=True) as client:
            return client.execute_command(*words)
