"""The error port that every component has, off until a node's settings switch it on: what failed at the node, or behind
it, leaves there as a message, and what comes of that message is the answer. The names are the public ones.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from weirflow.errors import JSON, Fail
from weirflow.fields import Field, Model
from weirflow.schema import schema_of
from weirflow.spec import SETTINGS_PORT, PortSpec, Position

ERROR_PORT = "error"
#: The setting that switches it on; beside a component's own settings and unknown to it.
ERROR_SETTING = "enableErrorPort"


class ErrorMessage(Model):
    """What leaves the error port."""

    context: Any = Field(None, title="Context", description="The message that could not be handled")
    error: str = Field(title="Error", description="What went wrong, in words")
    code: str = Field(title="Code", description="The kind of error, such as timeout or message_rejected")
    retryable: bool = Field(title="Retryable", description="Whether a later attempt may go well")
    node: str | None = Field(None, title="Node", description="Where it went wrong")
    edge: str | None = None
    port: str | None = None
    field: str | None = Field(None, title="Field", description="JSON pointer of the field that is at fault")


_PORT = PortSpec(
    name=ERROR_PORT,
    label="Error",
    position=Position.BOTTOM,
    source=True,
    schema=schema_of(ErrorMessage, output=True),
    configuration={"context": None, "error": "", "code": "failed", "retryable": False},
    model=ErrorMessage,
)
_SETTING: dict[str, JSON] = {
    "type": "boolean",
    "title": "Error port",
    "description": "Errors of this node, and of what follows it, leave by a port of their own instead of going back",
    "default": False,
    "propertyOrder": 1000,
}


def with_error_setting(ports: tuple[PortSpec, ...]) -> tuple[PortSpec, ...]:
    """`ports` with the switch in the settings' form; as they are where the component has a port of that name itself."""
    if any(port.name == ERROR_PORT for port in ports):
        return ports
    return tuple(_switchable(port) if port.name == SETTINGS_PORT else port for port in ports)


def with_error_port(ports: tuple[PortSpec, ...], settings: JSON) -> tuple[PortSpec, ...]:
    """`ports`, and the error port where these settings switch it on."""
    on = isinstance(settings, dict) and settings.get(ERROR_SETTING) is True
    return (*ports, _PORT) if on and not any(port.name == ERROR_PORT for port in ports) else ports


def error_message(error: Fail, message: JSON) -> dict[str, JSON]:
    """The message for the error port: `error`, met while `message` was handled."""
    problem = error.problem
    where = {name: getattr(problem, name) for name in ("node", "edge", "port", "field")}
    known = {name: value for name, value in where.items() if value is not None}
    return {
        "context": message,
        "error": problem.message,
        "code": error.code,
        "retryable": error.retryable,
        **known,
    }


def _switchable(port: PortSpec) -> PortSpec:
    properties = {**port.schema.get("properties", {}), ERROR_SETTING: _SETTING}
    return dataclasses.replace(port, schema={"type": "object", **port.schema, "properties": properties})
