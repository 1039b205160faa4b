"""Three real hosts serve a flow that somebody looks at; one after the other is killed."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from django.contrib.auth.models import User

from editor.database import close_database
from editor.process import LiveSide, live_side, stop_live_side
from projects.models import Flow
from tests.editor.edits import Editor
from tests.editor.test_socket import Socket, opened
from tests.runtime.world import World, free_port, world
from tests.waiting import eventually
from weirflow.kube.resources import LEASE

pytestmark = pytest.mark.server

MODULES = ("common-v1", "http-v1")


class Replicas:
    """Hosts by identity, each with a port of its own for requests, so that a test chooses who answers."""

    def __init__(self, one: World) -> None:
        self._world = one
        self._ports: dict[str, int] = {}

    async def start(self, count: int) -> None:
        for number in range(count):
            identity, port = f"host-{number}", free_port()
            await self._world.start_host(port=port, WEIRFLOW_IDENTITY=identity)
            self._ports[identity] = port

    @property
    def identities(self) -> list[str]:
        return list(self._ports)

    async def leader(self) -> str:
        """Who leads both modules; it is made to be one host, so that killing it is one event."""
        holders = {(await self._world.cluster.get(LEASE, f"{name}-lock"))["spec"]["holderIdentity"] for name in MODULES}
        assert len(holders) == 1
        return str(holders.pop())

    async def visit(self, identity: str, path: str) -> int:
        async with self._world.http.get(f"http://127.0.0.1:{self._ports[identity]}{path}") as answer:
            await answer.read()
            return answer.status

    def kill(self, identity: str) -> None:
        self._world.hosts[self.identities.index(identity)].kill()
        del self._ports[identity]
