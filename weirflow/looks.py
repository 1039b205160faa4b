"""What a node shows of itself: the author's `control` and `live`, called often and allowed to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weirflow.component import Component
from weirflow.errors import JSON, Problem, StateError
from weirflow.fields import to_json

LIVE_LENGTH = 80


class Looks:
    """Of one component. `problem_of` puts what it raises in words, `report` shows that on the node."""

    def __init__(
        self,
        component: Component,
        problem_of: Callable[[BaseException], Problem],
        report: Callable[[Problem | None], None],
    ) -> None:
        self._component, self._problem_of, self._report = component, problem_of, report
        #: By the look that fails at present.
        self._problems: dict[str, Problem] = {}

    def control(self) -> dict[str, JSON]:
        """The values of the control panel; {} while they cannot be had."""
        return self._found("control", self._control) or {}

    def live(self) -> str:
        """The line on the node, at most 80 characters; empty while it cannot be had."""
        return self._found("live", self._live) or ""

    def _control(self) -> dict[str, JSON]:
        values = to_json(self._component.control())
        if values is not None and not isinstance(values, dict):
            raise TypeError(f"control() gives a {type(values).__name__}; it must give a Control")
        return values or {}

    def _live(self) -> str:
        line: Any = self._component.live()
        if not isinstance(line, str):
            raise TypeError(f"live() gives a {type(line).__name__}; it must give a text")
        return line[:LIVE_LENGTH]

    def _found(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` finds; None where it fails, which is an error of this node and must stop nobody who looks."""
        try:
            found = look()
        except StateError:
            return None
        except BaseException as error:
            problem = self._problem_of(error)
            if self._problems.get(what) != problem:
                self._problems[what] = problem
                self._report(problem)
            return None
        if self._problems.pop(what, None) is not None:
            # The other look may fail still.
            self._report(next(iter(self._problems.values()), None))
        return found
