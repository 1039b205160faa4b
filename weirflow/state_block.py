"""The block in which a component changes its state: the context manager behind `StateStore.change`."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from weirflow.context import Context
from weirflow.delivery import Delivery, Repeated, current_delivery
from weirflow.errors import AlreadyApplied, StateError
from weirflow.fields import Model
from weirflow.state_change import Change

if TYPE_CHECKING:
    from weirflow.state import StateStore

S = TypeVar("S", bound=Model)


class ChangeBlock(Generic[S]):
    """One change of a store: what is set inside is stored as a whole, or not at all."""

    __slots__ = ("_ctx", "_delivery", "_draft", "_generation", "_store")

    def __init__(self, store: StateStore[S], ctx: Context | None) -> None:
        self._store = store
        delivery = current_delivery.get()
        ours = delivery is not None and delivery.store is store and (ctx is None or ctx is delivery.ctx)
        self._delivery: Delivery | None = delivery if ours else None
        found = ctx if ctx is not None else (delivery.ctx if ours and delivery is not None else None)
        if found is None:
            raise StateError("a state block outside a handler needs the context: self.state.change(ctx)")
        self._ctx = found

    async def __aenter__(self) -> S:
        if self._delivery is not None and self._delivery.change is not None:
            raise StateError(
                "a message changes the state once: make one block of the two, so that both or none are stored"
            )
        try:
            self._draft, self._generation = await self._store.enter(self._ctx)
        except Repeated as repeat:
            if self._delivery is not None:
                raise
            raise AlreadyApplied(f"operation {repeat.operation.id} has been applied before", permanent=True) from None
        return self._draft

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        change: Change | None = None
        try:
            if kind is None:
                change = self._store.apply(self._ctx, self._draft, self._generation)
        finally:
            self._store.leave()
        if change is None:
            return
        if self._delivery is not None:
            self._delivery.change = change
        else:
            self._store.submit(change)
            await change.wait()
