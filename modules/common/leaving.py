"""What gathering and keeping have in common: what stands in the state until the flow behind has taken it."""

from __future__ import annotations

from abc import ABC
from typing import Any

from weirflow import Component, Fail, NotLeader, StateStore

#: Seconds until the state is tried again after it could not be changed.
AGAIN = 1.0


class Leaving(Component, ABC):
    """The state of derived classes has a list `waiting`, of things with an `id`."""

    state: StateStore[Any]

    def __init__(self) -> None:
        self._failing = self._forgetting = False
        #: Ids of what has left, and stands in the state still.
        self._left: set[str] = set()

    def _take_out(self, state: Any, left: set[str]) -> None:
        """Have these stand in the state no more."""
        state.waiting = [each for each in state.waiting if each.id not in left]

    def _forgotten(self, ids: set[str]) -> None:
        """These stand in the state no more."""

    def _failed(self, failure: Fail) -> None:
        """Show it, until one goes well."""
        self._failing = True
        self.report(failure.problem)

    def _went_well(self) -> None:
        if self._failing:
            self._failing = False
            self.report(None)

    def _has_left(self, id: str) -> None:
        self._left.add(id)
        self._begin_to_forget()

    def _begin_to_forget(self) -> None:
        if self._left and not self._forgetting:
            self._forgetting = True
            self.spawn(self._forget(), "forgetting what has left")

    async def _forget(self) -> None:
        """Take what has left out of the state: once for all that leaves meanwhile."""
        try:
            while self._left:
                try:
                    async with self.state.change(self.services.begin()) as state:
                        left = set(self._left)
                        self._take_out(state, left)
                except NotLeader:
                    return
                except Fail as failure:
                    self._failed(failure)
                    await self.services.clock.sleep(AGAIN)
                else:
                    self._left -= left
                    self._forgotten(left)
        finally:
            self._forgetting = False
