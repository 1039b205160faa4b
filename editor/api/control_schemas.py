"""The bodies and answers of presses of controls, as they stand in the API's OpenAPI document."""

from typing import Any, Literal

from editor.api.described import Schema


class ControlIn(Schema):
    """A press of a control: the values of the form, buttons as ``true``."""

    port: Literal["_control"] = "_control"
    data: dict[str, Any]


class PressOut(Schema):
    """Under which name the press travels."""

    id: str


class LastPressOut(Schema):
    """Who pressed a button last, and when."""

    by: str
    at: str


class PressesOut(Schema):
    """By the button's name."""

    pressed: dict[str, LastPressOut]


class SignalOut(Schema):
    """What became of a press."""

    state: Literal["pending", "done", "failed"]
    problem: dict[str, Any] | None
