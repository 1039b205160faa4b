"""A module as others make them, from the documented wire contract alone: nothing of ours but the subject's spelling."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg


@dataclass
class ForeignModule:
    """Serves ``name``: the target's port decides how it answers. ``seen`` are the messages that came."""

    client: Client
    name: str
    seen: list[Msg] = field(default_factory=list)

    async def serve(self) -> None:
        await self.client.subscribe(f"tinymodule.{self.name}.msg", queue=self.name, cb=self._message)
        await self.client.subscribe(f"tinymodule.{self.name}.sysmsg", cb=self._control)
        await self.client.flush()
        await self.client.flush()

    async def _message(self, message: Msg) -> None:
        self.seen.append(message)
        port = (message.headers or {})["x-to"].rpartition(":")[2]
        answers: dict[str, tuple[bytes, dict[str, str] | None]] = {
            "echo": (message.data, None),
            "empty": (b"", {"x-empty": "1"}),
            "bare": (b"", None),
            "error": (b"", {"x-error": "something failed: again"}),
            "refuse": (b"", {"x-error": "no such customer", "x-error-code": "NOT_FOUND"}),
        }
        if port == "slow":
            await asyncio.sleep(1.5)
        data, headers = answers.get(port, answers["echo"])
        await self.client.publish(message.reply, data, headers=headers)

    async def _control(self, message: Msg) -> None:
        self.seen.append(message)

    async def call(self, module: str, to: str, payload: Any, **headers: str) -> Msg:
        """A message along an edge, as the public runtime sends it; the first answer is the answer."""
        known = {"x-from": f"flow.{self.name}.thing-1:out", "x-to": to, "x-edge-id": "edge-9", "Nats-Msg-Id": "edge-9"}
        return await self.client.request(
            f"tinymodule.{module}.msg", json.dumps(payload).encode(), timeout=40, headers={**known, **headers}
        )


async def foreign_module(url: str, name: str) -> ForeignModule:
    """A started one; ``client.close()`` ends it."""
    module = ForeignModule(await nats.connect(url), name)
    await module.serve()
    return module
