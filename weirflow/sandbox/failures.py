"""What can go wrong with a call, as the failures of the message that it was for."""

from __future__ import annotations

from typing import Any

from weirflow.errors import Fail
from weirflow.sandbox.limits import MIB, Limits


def timed_out(limits: Limits) -> Fail:
    """It ran past its deadline, and its process was killed."""
    text = (
        f"the code ran for more than {limits.deadline * 1000:,.0f} ms and was stopped; make it do less for one "
        "message, or raise the deadline in the settings"
    )
    return Fail(text, code="code_timeout", permanent=True)


def crashed(status: int | None) -> Fail:
    """Its process ended under it."""
    if status is None:
        how = "spoke out of turn and was killed"
    else:
        how = f"was ended by signal {-status}" if status < 0 else f"ended itself with status {status}"
    text = f"the process of the code {how}; a fresh one has taken its place. What the message holds may have led to it"
    return Fail(text, code="code_crashed", permanent=True)


def overloaded(waiting: int) -> Fail:
    """More messages wait than may."""
    text = f"{waiting:,} messages wait for the code already; send fewer at once, or allow it more processes"
    return Fail(text, code="code_busy", retryable=True)


def flooded() -> Fail:
    """Answers that are not whole yet have taken all that the project has for them."""
    text = (
        "answers of this project's code that are on their way have taken all the memory for them; return less at once"
    )
    return Fail(text, code="code_busy", retryable=True)


def too_large(size: int, most: int) -> Fail:
    """The message is no size for a process to be handed."""
    text = f"the message has {size:,} bytes, and code takes {most:,} at most; map only what it needs"
    return Fail(text, code="code_message", permanent=True)


def stopped() -> Fail:
    """The node ends, or its code is another now."""
    return Fail("the node was stopped or changed before the code was called", code="stopped", retryable=True)


def unloadable(how: str) -> Fail:
    """Its processes end before they have seen a message."""
    text = f"no process can load the code: {how}. Make it smaller, or raise the memory in the settings"
    return Fail(text, code="code_crashed", permanent=True)


def unavailable(reason: str) -> Fail:
    """No process for code can be had."""
    text = f"the sandbox for code cannot be started: {reason}; see how many processes and how much memory it may have"
    return Fail(text, code="code_sandbox", retryable=True)


def reported(limits: Limits, said: Any) -> Fail:
    """What a worker says of a call that failed: `{kind, type, text, line}`, from a process that may say anything."""
    told = said if isinstance(said, dict) else {}
    kind, name, text = (str(told.get(key, ""))[:1200] for key in ("kind", "type", "text"))
    line = told.get("line")
    where = f"line {line}: " if isinstance(line, int) else ""
    if kind == "memory":
        words = (
            f"{where}the code needs more than {limits.memory // MIB:,} MiB; keep less of the message at once, "
            "or raise the memory in the settings"
        )
        return Fail(words, code="code_memory", permanent=True)
    if kind == "result":
        words = f"{text}; return None, texts, numbers, booleans, lists and dicts with text keys"
        return Fail(words, code="code_result", permanent=True)
    if name == "PermissionError":
        text += " (code reaches no files, network or other programs)"
    return Fail(f"{where}{name}: {text}" if text else f"{where}{name}", code="code_error", permanent=True)
