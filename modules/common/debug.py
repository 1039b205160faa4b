"""The debug node."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, datetime
from typing import Any, Literal

from weirflow import Button, Component, Context, Field, Model, Result, button, input, on_control

#: Of one message so much is kept, in characters of JSON.
MESSAGE_LIMIT = 2000


class Seen(Model, frozen=True):
    """A message that came by."""

    n: int = Field(title="Number", description="1 for the first since the module started")
    at: str = Field(title="At", description="When it came", format="date-time")
    message: str = Field(
        title="Message", description="JSON; cut after 2,000 characters", format="code", language="json"
    )


class Debug(Component):
    """Shows the messages that reach it.

    The newest are kept in memory, on the replica that got them, and listed in the control panel; the node's line
    shows their number or the last one. Of each, 2,000 characters are kept. It answers nothing, so that it can hang
    beside any wire.
    """

    category = "Tools"
    icon = "bug"
    tags = ("log", "inspect", "sink")

    class Settings(Model):
        keep: int = Field(20, ge=1, le=200, title="Keep", description="Messages to keep; the oldest leave first")
        show: Literal["count", "last"] = Field(
            "last",
            title="Show on the node",
            description="What its line on the canvas says",
            enum_titles=["Number of messages", "Last message"],
        )

    class Control(Model):
        count: int = Field(title="Messages", readonly=True, description="Since the module started")
        messages: list[Seen] = Field(title="Last messages", readonly=True, description="Newest first")
        clear: Button = button("Clear", card=True)

    settings: Settings

    def __init__(self) -> None:
        self._count = 0
        self._seen: deque[Seen] = deque(maxlen=20)

    async def on_settings(self) -> None:
        if self._seen.maxlen != self.settings.keep:
            self._seen = deque(self._seen, maxlen=self.settings.keep)

    @input("in", label="In")
    async def see(self, ctx: Context, message: Any) -> Result:
        self._count += 1
        at = datetime.fromtimestamp(self.services.clock.time(), UTC).isoformat().replace("+00:00", "Z")
        self._seen.append(Seen(n=self._count, at=at, message=_shortened(message)))
        self.publish()

    @on_control("clear")
    async def clear(self, ctx: Context) -> None:
        self._count = 0
        self._seen.clear()

    def control(self) -> Control:
        return self.Control(count=self._count, messages=list(reversed(self._seen)))

    def live(self) -> str:
        if not self._seen:
            return ""
        if self.settings.show != "count":
            return self._seen[-1].message
        return "1 message" if self._count == 1 else f"{self._count:,} messages"


def _shortened(message: Any) -> str:
    text = json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    return text if len(text) <= MESSAGE_LIMIT else text[:MESSAGE_LIMIT] + "…"
