"""What a node says no to, in words: settings, messages, ports, and what its component let out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from pydantic import ValidationError

from weirflow.context import Context
from weirflow.errors import JSON, ComponentError, Fail, MessageRejected, Problem, problem_of
from weirflow.fields import NotJson
from weirflow.validation import describe


def settings_refused(node: str, error: ValidationError) -> Problem:
    """Settings that do not fit the component's model."""
    field, text = describe(error)
    return Problem("settings_rejected", _in_settings(node, text), field=field, node=node)


def settings_lack(node: str, field: str, sibling: str) -> Problem:
    """Settings without a field that another one asks for."""
    text = f"{field} is required, as {sibling} has the value it has; fill it in"
    return Problem("settings_rejected", _in_settings(node, text), field=field, node=node)


def settings_no_object(node: str, raw: JSON) -> Problem:
    """Settings that are no fields at all."""
    text = f"they must be an object of fields, not a {type(raw).__name__}"
    return Problem("settings_rejected", _in_settings(node, text), node=node)


def _in_settings(node: str, text: str) -> str:
    # What is wrong stands first: a card shows the beginning.
    return f"{text} (settings of {node}; what was in force before stays)"


def message_refused(node: str, ctx: Context, port: str, error: ValidationError) -> MessageRejected:
    """A message that does not fit the port's model; names the field, the edge and where it came from."""
    field, text = describe(error)
    origin = f" from {ctx.source}" if ctx.source else ""
    return MessageRejected(
        f"input {port!r} of {node} does not take the message{origin}: {text}",
        permanent=True,
        field=field,
        edge=ctx.edge,
        port=port,
        node=node,
    )


def unknown_port(node: str, ctx: Context, port: str, known: Iterable[str]) -> MessageRejected:
    """A message for an input that the node does not have."""
    return MessageRejected(
        f"{node} has no input {port!r}; it has: {', '.join(sorted(known)) or 'none'}",
        code="unknown_port",
        permanent=True,
        edge=ctx.edge,
        port=port,
        node=node,
    )


def failure_of(node: str, component: str, error: BaseException, port: str | None) -> Fail:
    """`error` as a `Fail` that says where: itself, or wrapped when the component did not mean it for the flow.

    A component that exits, or that waits for something cancelled, has failed like any other. Raises `error` where it is
    the caller that is being called off.
    """
    if isinstance(error, NotJson):
        error = not_json(component, "returned", error)
    elif not isinstance(error, Fail):
        if _is_called_off(error):
            raise error
        error = ComponentError(f"{component} failed: {problem_of(error).message}")
    error.located(port=port, node=node)
    return error


def not_json(component: str, did: str, error: NotJson) -> Fail:
    """What a component `did` with something that is no message."""
    text = f"{component} {did} what JSON cannot carry ({error}); use texts, numbers, lists, dicts and Models"
    return ComponentError(text, code="not_json", permanent=True)


def _is_called_off(error: BaseException) -> bool:
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is None or task.cancelling() > 0
    return isinstance(error, GeneratorExit)
