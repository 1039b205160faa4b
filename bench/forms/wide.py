"""A module for the benchmark of forms: one component with 500 settings, of which 100 only show what runs."""

from typing import Any

from pydantic import create_model

from weirflow import Component, Context, Field, Model, Module, Result, input

EDITABLE, LIVE = 400, 100


def _editable(number: int) -> tuple[type, Any]:
    title = f"Setting {number}"
    match number % 4:
        case 0:
            return int, Field(number, title=title, ge=0, le=100_000)
        case 1:
            return bool, Field(False, title=title, description="Whether it is so")
        case _:
            return str, Field("", title=title, max_length=200, description="One line of text")


_SETTINGS: dict[str, Any] = {f"setting{number}": _editable(number) for number in range(EDITABLE)}
_READINGS: dict[str, Any] = {
    f"reading{number}": (int, Field(0, title=f"Reading {number}", readonly=True)) for number in range(LIVE)
}


class Wide(Component):
    """Has more settings than anybody reads."""

    title, category = "Wide", "Benchmark"

    Settings = create_model("Settings", __base__=Model, **_SETTINGS, **_READINGS)

    class Message(Model):
        """Any."""

    @input("in")
    async def take(self, ctx: Context, message: Message) -> Result:
        return None


module = Module("wide-v1", "0.1.0", [Wide])
