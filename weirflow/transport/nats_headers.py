"""How an envelope and its answer stand in the headers of NATS messages.

The names without ``weirflow`` are those of the public modules, see ``docs/protocols.md``, section 8; the others are
ours, and whoever does not know them ignores them.
"""

from __future__ import annotations

import re

from weirflow.context import DEFAULT_TIMEOUT, derive_operation_id, new_operation_id
from weirflow.errors import Fail
from weirflow.transport.envelope import Envelope
from weirflow.transport.failure import failure_bytes, read_failure

_LONGEST_ERROR = 4096
EMPTY_ANSWER = b"NATS/1.0\r\nx-empty: 1\r\n\r\n"
#: Asks a host whether it is there; it answers with nothing.
PING = b"NATS/1.0\r\nx-weirflow-ping: 1\r\n\r\n"

#: What ``write_envelope`` writes, read in one go; all else is read line by line.
_AS_WRITTEN = re.compile(
    "NATS/1.0\r\nx-from: ([^\r\n]*)\r\nx-to: ([^\r\n]*)\r\nx-edge-id: ([^\r\n]*)\r\nNats-Msg-Id: [^\r\n]*\r\n"
    "x-message-depth: ([0-9]{1,9})\r\nx-weirflow-operation: ([^\r\n]+)\r\nx-weirflow-timeout: ([0-9]{1,15})\r\n"
    "(?:x-weirflow-forwarded: ([0-9]{1,15})\r\n)?(?:traceparent: ([^\r\n]+)\r\n)?"
    "(?:x-weirflow-run: ([^\r\n]+)\r\n)?\r\n"
).fullmatch


def write_envelope(envelope: Envelope) -> bytes:
    """The header block of a message. Raises ``Fail`` where a name would break out of its line."""
    operation, forwarded, trace, run = envelope.operation_id, "", "", ""
    if envelope.forwarded:
        forwarded = f"x-weirflow-forwarded: {envelope.epoch}\r\n"
    if envelope.traceparent:
        trace = f"traceparent: {envelope.traceparent}\r\n"
    if envelope.run:
        run = f"x-weirflow-run: {envelope.run}\r\n"
    milliseconds = max(1, round(envelope.timeout * 1000))
    head = (
        f"NATS/1.0\r\nx-from: {envelope.source}\r\nx-to: {envelope.target}\r\nx-edge-id: {envelope.edge}\r\n"
        f"Nats-Msg-Id: {envelope.edge or operation}\r\nx-message-depth: {envelope.depth}\r\n"
        f"x-weirflow-operation: {operation}\r\nx-weirflow-timeout: {milliseconds}\r\n{forwarded}{trace}{run}\r\n"
    )
    if head.count("\n") != 9 + bool(forwarded) + bool(trace) + bool(run) or head.count("\r") != head.count("\n"):
        raise Fail(
            f"the port {envelope.target!r} or {envelope.source!r} has a line break in its name; rename it",
            code="edge_invalid",
            permanent=True,
        )
    return head.encode("utf-8", "replace")


def read_headers(block: bytes | None) -> dict[str, str]:
    """Header lines by lower-case name."""
    if not block:
        return {}
    fields = {}
    for line in block.decode("utf-8", "replace").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields[name.lower()] = value.strip()
    return fields


def read_envelope(block: bytes | None, payload: bytes) -> Envelope:
    """The message that arrived, whoever sent it; raises ``Fail`` where it cannot be one."""
    if block is not None and (ours := _AS_WRITTEN(block.decode("utf-8", "replace"))):
        source, target, edge, depth, operation, timeout, forwarded, trace, run = ours.groups("")
        return Envelope(
            target,
            source,
            payload,
            operation,
            edge,
            max(int(depth), 1),
            int(timeout) / 1000,
            bool(forwarded),
            int(forwarded or 0),
            trace,
            run,
        )
    fields = read_headers(block)
    target, edge = fields.get("x-to", ""), fields.get("x-edge-id", "")
    if fields.get("x-mode"):
        raise Fail(f"messages with x-mode {fields['x-mode']!r} are not taken here", code="mode_unknown", permanent=True)
    forwarded = fields.get("x-weirflow-forwarded", "")
    return Envelope(
        target=target,
        source=fields.get("x-from", ""),
        payload=payload,
        operation_id=fields.get("x-weirflow-operation") or _operation_id(fields, edge),
        edge=edge,
        depth=max(_number(fields.get("x-message-depth"), 1), 1),
        timeout=_number(fields.get("x-weirflow-timeout"), int(DEFAULT_TIMEOUT * 1000)) / 1000,
        forwarded=bool(forwarded),
        epoch=_number(forwarded, 0),
        traceparent=fields.get("traceparent", ""),
        run=fields.get("x-weirflow-run", ""),
    )


def write_failure(error: Fail) -> bytes:
    """The header block of an answer that is a failure. ``x-error-code`` tells public modules not to try again."""
    named = " ".join(error.code.split())
    text = " ".join(error.problem.message.split())[:_LONGEST_ERROR] or named or "failed"
    code = "" if error.retryable else f"x-error-code: {named}\r\n"
    whole = failure_bytes(error).decode("utf-8", "replace")
    return f"NATS/1.0\r\nx-error: {text}\r\n{code}x-weirflow-failure: {whole}\r\n\r\n".encode("utf-8", "replace")


def read_answer(block: bytes | None, payload: bytes) -> bytes | None:
    """The result in an answer. Raises the failure that it carries."""
    if block:
        fields = read_headers(block)
        if whole := fields.get("x-weirflow-failure"):
            raise read_failure(whole)
        if text := fields.get("x-error"):
            code = fields.get("x-error-code", "")
            raise Fail(text, code=code or None, permanent=bool(code))
        if fields.get("x-empty") == "1":
            return None
    return payload or None


def says_nobody_listens(block: bytes) -> bool:
    """Whether the server itself answers, because there is nobody to deliver to."""
    return block.startswith(b"NATS/1.0 503")


def is_ping(block: bytes) -> bool:
    """Whether a host asks only whether this one is there."""
    return block.startswith(PING[:-2])


def knows_notes(block: bytes) -> bool:
    """Whether the sender is one of ours, and waits for the answer though a note of who has it comes first."""
    return b"\r\nx-weirflow-timeout:" in block


def write_taken(identity: str) -> bytes:
    """The header block of the note that ``identity`` has the message and still works on it."""
    return f"NATS/1.0\r\nx-weirflow-taken: {identity}\r\n\r\n".encode()


def taken_by(block: bytes) -> str:
    """The host that has the message, in such a note; else empty."""
    return read_headers(block).get("x-weirflow-taken", "") if b"x-weirflow-taken:" in block else ""


def _operation_id(fields: dict[str, str], edge: str) -> str:
    """Of a sender without operation ids: the same for a repeat of what the sender itself calls one."""
    if step := fields.get("x-step-key"):
        return derive_operation_id("step", step)
    message = fields.get("nats-msg-id", "")
    if message and message != edge:
        return derive_operation_id("message", edge, message)
    return new_operation_id()


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else default
