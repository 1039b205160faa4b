"""The display."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from weirflow import JSON, Button, Component, Context, Field, Model, Result, button, input, on_control

#: Of a longer value the control panel shows so many characters of its JSON.
VALUE_LIMIT = 20_000


class DisplayInput(Model):
    """Something to show."""

    value: Any = Field(None, title="Value", description="What is shown", configurable=True)


class Display(Component):
    """Shows the last value that reached it, large on its card.

    Numbers have the decimals and the unit of the settings; texts stand as they are, lists and objects as JSON. The
    control panel shows the whole value (20,000 characters of it), and a dashboard can show it as a tile.

    Messages go to the leading replica, so that everybody sees the same value. It is kept in memory: after a restart
    the display is empty until the next message. It answers nothing.
    """

    category = "Tools"
    icon = "monitor"
    tags = ("show", "dashboard", "value", "sink")

    class Settings(Model):
        unit: str = Field("", max_length=20, title="Unit", description="Stands behind numbers", examples=["°C"])
        decimals: int = Field(
            -1, ge=-1, le=10, title="Decimals", description="Digits behind the point; -1: as many as there are"
        )

    class Control(Model):
        value: Any = Field(None, title="Value", readonly=True, description="The last value", card=True)
        at: str = Field("", title="At", readonly=True, description="When it came", format="date-time")
        clear: Button = button("Clear")

    settings: Settings

    def __init__(self) -> None:
        self._value: JSON = None
        self._at = ""

    @input("in", label="In", leader=True)
    async def show(self, ctx: Context, message: DisplayInput) -> Result:
        self._value = message.value
        self._at = datetime.fromtimestamp(self.services.clock.time(), UTC).isoformat().replace("+00:00", "Z")
        self.publish()

    @on_control("clear")
    async def clear(self, ctx: Context) -> None:
        self._value, self._at = None, ""

    def control(self) -> Control:
        return self.Control(value=_shortened(self._value), at=self._at)

    def live(self) -> str:
        return self._text() if self._at else ""

    def _text(self) -> str:
        value = self._value
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            decimals = self.settings.decimals
            number = f"{value:,}" if decimals < 0 else f"{value:,.{decimals}f}"
            return f"{number} {self.settings.unit}".rstrip()
        if isinstance(value, str):
            return " ".join(value[:200].split())
        return "–" if value is None else _as_json(value)[:200]


def _shortened(value: JSON) -> JSON:
    if isinstance(value, str):
        return value if len(value) <= VALUE_LIMIT else value[:VALUE_LIMIT] + "…"
    if not isinstance(value, list | dict):
        return value
    text = _as_json(value)
    return value if len(text) <= VALUE_LIMIT else text[:VALUE_LIMIT] + "…"


def _as_json(value: JSON) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
