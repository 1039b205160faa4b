"""The stateful counter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from pydantic import field_validator

from weirflow import (
    Button,
    Component,
    Context,
    Fail,
    Field,
    Model,
    Result,
    StateStore,
    button,
    input,
    on_control,
    output,
    stored,
)

_Operation = Literal["increment", "decrement", "set"]

#: A count is a signed 64-bit integer, as for all who read it: requirement documents, kubectl, other languages.
LEAST, MOST = -(2**63), 2**63 - 1


class CountEvent(Model, frozen=True):
    """One change of the count, kept in the history."""

    timestamp: int = Field(title="Timestamp", description="Unix nanoseconds")
    value: int = Field(title="Value", description="The count after the change")
    operation: str = Field(title="Operation")
    source: str = Field("", title="Source")


class CountOutput(Model):
    """Sent after each change."""

    value: int = Field(title="Current value", description="The count after the change")
    previous: int = Field(title="Previous value", description="The count before the change")
    operation: _Operation = Field(title="Operation", description="What changed it")
    amount: int = Field(0, title="Amount changed", description="By how much the count changed")
    source: str = Field("", title="Source", description="Who changed it, as the message said")
    timestamp: str = Field(title="Timestamp", description="When the count changed", format="date-time")


class IncrementInput(Model):
    """For increasing the count."""

    amount: int = Field(1, title="Amount", description="Amount to increment by; 0 counts as 1", configurable=True)
    source: str = Field("", title="Source", description="Source of the increment operation", configurable=True)


class DecrementInput(Model):
    """For decreasing the count."""

    amount: int = Field(1, title="Amount", description="Amount to decrement by; 0 counts as 1", configurable=True)
    source: str = Field("", title="Source", description="Source of the decrement operation", configurable=True)


class SetInput(Model):
    """For setting the count directly."""

    value: int = Field(title="Value", description="Value to set", configurable=True)
    source: str = Field("", title="Source", description="Source of the set operation", configurable=True)


class StatefulCounter(Component):
    """Counter whose value every replica knows.

    Only the leading replica changes the count; the others read it from the node's resource. Each change is stored
    before it is sent on, and survives restarts: `kubectl get tinynode <name> -o yaml` shows it as `counter-value`,
    `counter-updated` and `counter-history`. A message that is delivered again (a retry with the same operation id) is
    counted once.

    The initial value counts until the first change, and after a reset; a stored count, 0 included, is never replaced
    by it. The history keeps the newest changes: at most `maxHistory`, and never more than 64 KiB.

    Errors, both permanent: `negative_count` when a change would bring the count below 0 and negative values are not
    allowed, `count_overflow` when it would not fit into 64 bits.
    """

    title = "Stateful Counter"
    category = "State"
    icon = "counter"
    tags = ("counter", "state", "stateful")

    class Settings(Model):
        initial_value: int = Field(0, title="Initial value", description="Start value, and the value after a reset")
        max_history: int = Field(
            100, ge=0, le=10_000, title="Max history", description="Maximum history entries to keep"
        )
        persistent: bool = Field(
            True,
            title="Persist state",
            description="Keep the state in the node's resource, so that it survives restarts",
        )
        allow_negative: bool = Field(
            True,
            title="Allow negative",
            description="Off: a change below 0 is refused, and a stored count below 0 is read as 0",
        )

        @field_validator("initial_value")
        @classmethod
        def _fits(cls, value: int) -> int:
            if not LEAST <= value <= MOST:
                raise ValueError("a count has at most 64 bits")
            return value

    class State(Model, version=1):
        value: int = stored("counter-value", 0)
        updated: datetime | None = stored("counter-updated", None)
        history: list[CountEvent] = stored("counter-history", default_factory=list)

    class Control(Model):
        value: int = Field(title="Current value", readonly=True, description="The count", chart="sparkline")
        last_update: str = Field(
            title="Last update", readonly=True, description="When the count changed last", format="date-time"
        )
        event_count: int = Field(title="Events recorded", readonly=True, description="Entries of the history")
        reset: Button = button(
            "Reset counter",
            "Back to the initial value; the history is emptied",
            confirm="The count goes back to its initial value, for every replica, and the history is emptied.",
        )

    settings: Settings
    state: StateStore[State]

    counted = output("value", CountOutput, label="Value")

    @property
    def persistent(self) -> bool:
        return self.settings.persistent

    def initial_state(self) -> State:
        return self.State(value=self.settings.initial_value)

    def validate_state(self, state: State) -> State:
        if state.value < 0 and not self.settings.allow_negative:
            return state.model_copy(update={"value": 0})
        return state

    @input("increment", leader=True)
    async def increment(self, ctx: Context, message: IncrementInput) -> Result:
        amount = message.amount or 1
        return await self._count(ctx, "increment", amount, message.source, lambda count: count + amount)

    @input("decrement", leader=True)
    async def decrement(self, ctx: Context, message: DecrementInput) -> Result:
        amount = message.amount or 1
        return await self._count(ctx, "decrement", amount, message.source, lambda count: count - amount)

    @input("set", leader=True)
    async def set(self, ctx: Context, message: SetInput) -> Result:
        return await self._count(ctx, "set", None, message.source, lambda count: message.value)

    @on_control("reset")
    async def reset(self, ctx: Context) -> None:
        async with self.state.change() as state:
            state.value = self.settings.initial_value
            state.updated = self._now()
            state.history = []

    def control(self) -> Control:
        state = self.state.value
        return self.Control(
            value=state.value, last_update=_iso(state.updated), event_count=len(state.history), reset=False
        )

    def live(self) -> str:
        return str(self.state.value.value)

    async def _count(
        self, ctx: Context, operation: _Operation, amount: int | None, source: str, change: Callable[[int], int]
    ) -> Result:
        async with self.state.change() as state:
            previous = state.value
            state.value = change(previous)
            if state.value < 0 and not self.settings.allow_negative:
                raise Fail(
                    f"{operation} would bring the count to {state.value}, and this counter does not go below 0; "
                    "send less, or allow negative values in its settings",
                    code="negative_count",
                    permanent=True,
                )
            if not LEAST <= state.value <= MOST:
                raise Fail(
                    f"{operation} would bring the count past 64 bits; send less, or reset the counter",
                    code="count_overflow",
                    permanent=True,
                )
            state.updated = self._now()
            nanoseconds = int(state.updated.timestamp() * 1_000_000) * 1000
            state.history.append(
                CountEvent(timestamp=nanoseconds, value=state.value, operation=operation, source=source)
            )
            del state.history[: max(0, len(state.history) - self.settings.max_history)]
        return await self.counted.emit(
            ctx,
            CountOutput(
                value=state.value,
                previous=previous,
                operation=operation,
                amount=state.value - previous if amount is None else amount,
                source=source,
                timestamp=_iso(state.updated),
            ),
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.services.clock.time(), UTC)


def _iso(moment: datetime | None) -> str:
    """RFC 3339; empty before the first change."""
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
