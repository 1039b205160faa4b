"""Messages that wait in sets, and what bounds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modules.common.room import storable
from weirflow import Fail, Field, Model

KEY_LENGTH = 200
#: What a message takes beside its value and its key.
_FRAME = 40


class Part(Model, frozen=True):
    """One message of a set."""

    name: str = ""
    value: Any = None


class Waiting(Model, frozen=True):
    """A set. `reason` says why it leaves, empty while it waits; `operation` is what it is sent under."""

    id: str
    key: str
    #: Unix seconds of its first message.
    since: float
    parts: list[Part]
    size: int
    #: The run that its messages belong to, where that is what they have in common.
    run: str = ""
    reason: str = ""
    operation: str = ""


class GatheringSettings(Model):
    """What bounds the sets."""

    wait: int = Field(
        60_000,
        ge=0,
        le=86_400_000,
        title="Longest wait",
        description="Milliseconds from a set's first message until it leaves as it is; 0: it waits for ever",
    )
    max_sets: int = Field(
        100, ge=1, le=500, title="Most sets", description="Sets that wait at once; a message for one more is refused"
    )
    max_bytes: int = Field(
        262_144, ge=1_024, le=524_288, title="Most bytes", description="Of all that waits, as JSON; more is refused"
    )
    persistent: bool = Field(
        True,
        title="Keep across restarts",
        description="Off: what waits is in the leader's memory only, which is faster",
    )


def leaves(waiting: Waiting, reason: str, operation: str) -> Waiting:
    """The set on its way out."""
    return waiting.model_copy(update={"reason": reason, "operation": operation})


def measured(key: str, part: Part) -> tuple[Part, int]:
    """A message as it can be stored, and what it takes in bytes of JSON."""
    value, size = storable(part.value)
    return Part(name=part.name, value=value), size + len(key.encode()) + _FRAME


def place(sets: list[Waiting], settings: GatheringSettings, size: int, fits: Callable[[Waiting], bool]) -> int:
    """The index of the oldest set that a message of this size fits into; past the end for a new one.

    Raises `Fail`: `too_large` for what never has room, `full` for what has none now.
    """
    taken = sum(each.size for each in sets)
    if size > settings.max_bytes:
        raise Fail(
            f"the message takes {size:,} bytes, all that waits may take {settings.max_bytes:,}; send less, or keep it "
            "elsewhere and send where",
            code="too_large",
            permanent=True,
        )
    if taken + size > settings.max_bytes:
        raise _full(f"{taken:,} bytes of {settings.max_bytes:,} are taken")
    for index, each in enumerate(sets):
        if not each.reason and fits(each):
            return index
    if len(sets) >= settings.max_sets:
        taken_up = "1 set waits or is" if len(sets) == 1 else f"{len(sets)} sets wait or are"
        raise _full(f"{taken_up} under way, and this message needs another")
    return len(sets)


def _full(why: str) -> Fail:
    return Fail(
        f"nothing more can wait here: {why}; let sets complete or time out sooner, or raise the limits in the settings",
        code="full",
        retryable=True,
    )
