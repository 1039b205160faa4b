"""The ways of messages into a component and out of it, found once instead of with every message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from weirflow.component import Component
from weirflow.context import Context, OutputHandler
from weirflow.errors import JSON
from weirflow.ports import Output
from weirflow.spec import PortSpec

Handler = Callable[[Context, Any], Awaitable[Any]]


#: How a message gets from an input to the component: what checks it and raises `ValidationError` (None takes all
#: JSON), what handles it, and what the component emits with. A plain tuple: it is taken apart with every message.
Way = tuple[Callable[[JSON], Any] | None, Handler, OutputHandler]


def ways_in(
    component: Component, inputs: Mapping[str, str], ports: Iterable[PortSpec], output: OutputHandler, *, direct: bool
) -> dict[str, Way]:
    """By port. `inputs` are the methods of the ports; `direct`: the author handles all in one method."""

    def handler_of(port: str) -> Handler:
        if direct:
            return lambda ctx, message: component.handle(ctx, output, port, message)
        handler: Handler = getattr(component, inputs[port])
        return handler

    return {
        port.name: (
            port.model.__pydantic_validator__.validate_python if port.model is not None else None,
            handler_of(port.name),
            output,
        )
        for port in ports
        if not port.source and not port.system and (direct or port.name in inputs)
    }


def way_out(
    out: Output[Any], emit: OutputHandler, emit_json: OutputHandler | None
) -> Callable[[Context, Any], Awaitable[JSON]]:
    """`Output.emit` of one node. `emit` takes whatever a component may send, `emit_json` JSON, for components without
    state: nearly every hop sends an instance of the port's own model, which needs no other look.
    """
    port, model = out.name, out.model

    def send_any(ctx: Context, value: Any) -> Awaitable[JSON]:
        out.check(value)
        return emit(ctx, port, value)

    if model is None or emit_json is None:
        return send_any
    as_json, send_json = model.__pydantic_serializer__.to_python, emit_json

    def send(ctx: Context, value: Any) -> Awaitable[JSON]:
        if type(value) is not model:
            return send_any(ctx, value)
        try:
            message = as_json(value, mode="json", by_alias=True)
        except Exception:
            # It is found out there what is wrong with it.
            return send_any(ctx, value)
        return send_json(ctx, port, message)

    return send
