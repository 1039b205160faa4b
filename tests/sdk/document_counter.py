"""The example of requirement document 000 in Python, line by line: one `handle`, `_reconcile`, its own lock."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

from weirflow import (
    Button,
    Component,
    ComponentInfo,
    Context,
    Fail,
    Field,
    Model,
    OutputHandler,
    Port,
    Position,
    Result,
    button,
    is_leader,
    output_handler,
)


class Settings(Model):
    initial_value: int = Field(0, title="Initial Value", description="Starting count value")
    max_history: int = Field(100, title="Max History", description="Maximum history entries to keep")
    persistent: bool = Field(True, title="Persist State", description="Save state to Kubernetes CR")


class ChangeInput(Model):
    """The document's `IncrementInput` and `DecrementInput`, which differ in their descriptions only."""

    amount: int = Field(1, title="Amount", configurable=True)
    source: str = Field("", title="Source", configurable=True)


class SetInput(Model):
    value: int = Field(title="Value", description="Value to set", configurable=True)
    source: str = Field("", title="Source", configurable=True)


class CountOutput(Model):
    value: int = Field(title="Current Value")
    previous: int = Field(title="Previous Value")
    operation: str = Field(title="Operation")
    amount: int = Field(0, title="Amount Changed")
    source: str = Field("", title="Source")
    timestamp: str = Field(title="Timestamp")


class ControlState(Model):
    value: int = Field(readonly=True, title="Current Value")
    last_update: str = Field(readonly=True, title="Last Update")
    event_count: int = Field(readonly=True, title="Events Recorded")
    reset: Button = button("Reset Counter")


class DocumentCounter(Component):
    def __init__(self) -> None:
        self.limits = Settings()
        self.mu = threading.Lock()
        self.count = 0
        self.last_update: datetime | None = None
        self.history: list[dict[str, Any]] = []

    def info(self) -> ComponentInfo:
        return ComponentInfo(
            name="document_counter",
            title="Stateful Counter",
            description="Counter with state propagation across replicas",
            category="State",
            tags=("counter", "state", "stateful"),
        )

    def ports(self) -> list[Port]:
        return [
            Port("_settings", "Settings", Position.TOP, True, Settings()),
            Port("_control", "Control", Position.TOP, True, ControlState),
            Port("_reconcile", "Reconcile", Position.TOP, True),
            Port("increment", "Increment", Position.LEFT, True, ChangeInput()),
            Port("decrement", "Decrement", Position.LEFT, True, ChangeInput()),
            Port("set", "Set", Position.LEFT, True, SetInput),
            Port("value", "Value", Position.RIGHT, False, CountOutput),
        ]

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        if port == "_settings":
            self.limits = message
            with self.mu:
                if self.count == 0:
                    self.count = self.limits.initial_value
            return None
        if port == "_reconcile":
            return await self.handle_reconcile(ctx, output, message)
        if port == "increment":
            return await self.change(ctx, output, "increment", message.amount or 1, message.source)
        if port == "decrement":
            return await self.change(ctx, output, "decrement", message.amount or 1, message.source)
        if port == "set":
            return await self.change(ctx, output, "set", message.value, message.source)
        raise Fail(f"unknown port: {port}")

    async def handle_reconcile(self, ctx: Context, output: OutputHandler, node: dict[str, Any]) -> Result:
        metadata = node["status"]["metadata"]
        with self.mu:
            if "counter-value" in metadata and "counter-updated" in metadata:
                saved, saved_time = int(metadata["counter-value"]), parsed(metadata["counter-updated"])
                if self.last_update is None or saved_time > self.last_update:
                    self.count, self.last_update = saved, saved_time
        if is_leader(ctx) and self.limits.persistent and self.last_update is not None:
            await self.persist(output, ctx)
        return None

    async def change(self, ctx: Context, output: OutputHandler, operation: str, amount: int, source: str) -> Result:
        """The document's `handleIncrement`, `handleDecrement` and `handleSet`, which say the same three times."""
        if not is_leader(ctx):
            raise Fail("only leader can modify state", code="not_leader")
        with self.mu:
            previous = self.count
            steps = {"increment": previous + amount, "decrement": previous - amount, "set": amount}
            self.count = value = steps[operation]
            self.last_update = updated = datetime.fromtimestamp(self.services.clock.time(), UTC)
            self.history.append({"value": value, "operation": operation, "source": source})
            self.history = self.history[max(0, len(self.history) - self.limits.max_history) :]
        if self.limits.persistent:
            await self.persist(output, ctx)
        return await output(
            ctx,
            "value",
            CountOutput(
                value=value,
                previous=previous,
                operation=operation,
                amount=value - previous if operation == "set" else amount,
                source=source,
                timestamp=written(updated),
            ),
        )

    async def persist(self, output: OutputHandler, ctx: Context) -> None:
        count, updated = self.count, self.last_update

        def update(node: dict[str, Any]) -> None:
            node["status"]["metadata"]["counter-value"] = str(count)
            node["status"]["metadata"]["counter-updated"] = written(updated)

        await output(ctx, "_reconcile", update)

    async def handle_control(self, ctx: Context, state: Any, port: str, message: Any) -> Any:
        if port == "reset":
            if not is_leader(ctx):
                raise Fail("only leader can reset", code="not_leader")
            with self.mu:
                self.count = self.limits.initial_value
                self.last_update = datetime.fromtimestamp(self.services.clock.time(), UTC)
                self.history = []
            output = output_handler(ctx)
            if output is not None and self.limits.persistent:
                await self.persist(output, ctx)
        return self.control()

    def control(self) -> ControlState:
        with self.mu:
            return ControlState(value=self.count, last_update=written(self.last_update), event_count=len(self.history))

    def instance(self) -> Component:
        return DocumentCounter()


def written(moment: datetime | None) -> str:
    """RFC 3339, in whole seconds as Go writes it; empty for the zero time."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else ""


def parsed(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
