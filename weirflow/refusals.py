"""What a node says no to, in words: settings, messages, ports, and what its component let out."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from weirflow.context import Context
from weirflow.errors import ComponentError, Fail, MessageRejected, Problem
from weirflow.validation import describe


def settings_refused(node: str, error: ValidationError) -> Problem:
    """Settings that do not fit the component's model."""
    field, text = describe(error)
    message = f"settings of {node}: {text}; those before stay in force"
    return Problem("settings_rejected", message, field=field, node=node)


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


def failure_of(node: str, component: str, error: Exception, port: str | None) -> Fail:
    """`error` as a `Fail` that says where: itself, or wrapped when the component did not mean it for the flow."""
    if not isinstance(error, Fail):
        error = ComponentError(f"{component} failed: {type(error).__name__}: {error}")
    error.located(port=port, node=node)
    return error
