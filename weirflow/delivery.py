"""One handling of one message by a component with state: ties the change it makes to what it sends or returns."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from weirflow.context import Context
from weirflow.errors import JSON

if TYPE_CHECKING:
    from weirflow.state import StateStore
    from weirflow.state_change import Change

#: The handling that the present task is in; set only around components with state.
current_delivery: ContextVar[Delivery | None] = ContextVar("current_delivery", default=None)


class Delivery:
    """Made per message. Submits the change when its outcome is known: at the first emit, or at the end.

    The outcome is stored in the same write as the change, so that a repeat of the operation can be answered with it;
    and nothing leaves the node before the change is stored.
    """

    __slots__ = ("change", "ctx", "store")

    def __init__(self, ctx: Context, store: StateStore[Any]) -> None:
        self.ctx = ctx
        self.store = store
        self.change: Change | None = None

    async def before_emit(self, port: str, value: JSON) -> None:
        """Store the change made so far, with this message as its outcome. Raises what the commit raised."""
        if self.change is not None:
            await self._settle({"emit": port, "value": value})

    async def finish(self, result: JSON) -> None:
        """The handler has returned `result`."""
        if self.change is not None:
            await self._settle({"result": result})

    async def _settle(self, outcome: dict[str, JSON]) -> None:
        change = self.change
        assert change is not None
        if not change.submitted:
            change.operation.keep(outcome)
            self.store.submit(change)
        await change.wait()


class Repeated(BaseException):
    """Raised when a change is begun for an operation that has been applied.

    No `Exception`, so that a handler which catches those cannot take it for a failure.
    """

    def __init__(self, operation: Any) -> None:
        super().__init__("this operation has been applied before")
        self.operation = operation
