"""Values of nodes that depend on those of the nodes before them, kept right through edits.

After an edit only what it can reach is looked at, and only what really has other inputs is worked out again. The result
does not depend on the order of the edits: it is the one of working everything out from nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Generic, TypeVar

V = TypeVar("V")

#: How often, for each wire of a loop, its values may change until it is given up: they grow by what the nodes of the
#: loop bring in, which is soon round.
PATIENCE = 8


class Dataflow(Generic[V]):
    """`compute(node, value)` gives a node's value from its own inputs and from `value(other)` of those before it;
    `after(node)` names those behind it. Values compare by `==`; `nothing` is what a node has before it is worked out.

    In a loop values start from `nothing` and go round until they rest, or (`once`) each node is worked out one time, in
    an order that depends on the loop alone.
    """

    def __init__(
        self,
        compute: Callable[[str, Callable[[str], V]], V],
        after: Callable[[str], Collection[str]],
        nothing: V,
        *,
        once: bool = False,
    ) -> None:
        self._compute, self._after, self._nothing, self._once = compute, after, nothing, once
        self._values: dict[str, V] = {}
        self._loops: dict[str, tuple[str, ...]] = {}
        #: Nodes of loops that did not come to rest, with the loop.
        self.restless: dict[str, tuple[str, ...]] = {}
        #: How many values were worked out since the beginning.
        self.worked_out = 0

    def value(self, node: str) -> V:
        """The node's value as of the last `settle`."""
        return self._values.get(node, self._nothing)

    def drop(self, node: str) -> None:
        """The node is gone. Those behind it are to be settled as rewired."""
        for known in (self._values, self._loops, self.restless):
            known.pop(node, None)

    def settle(self, edited: Iterable[str], rewired: Iterable[str] = ()) -> set[str]:
        """Bring the values up to date after the inputs of the nodes `edited` changed, and the wires into those
        `rewired` (of which a loop may have come, or gone). Returns the nodes that have another value now.
        """
        changed: set[str] = set()
        touched = set(rewired)
        for node in edited:
            # Outside loops a value that stays the same is the end of it, without a look at what is behind.
            if node in self._loops or self._differs(node):
                touched.add(node)
                changed.add(node)
        for node in changed.copy():
            touched.update(self._after(node))
        for loop in self._in_order(sorted(touched)) if touched else ():
            if not touched.isdisjoint(loop) or any(self._loops.get(node, (node,)) != loop for node in loop):
                fresh = self._settled(loop)
                changed |= fresh
                for node in fresh:
                    touched.update(self._after(node))
        return changed

    def _settled(self, loop: tuple[str, ...]) -> set[str]:
        for node in loop:
            self.restless.pop(node, None)
        if len(loop) > 1 or loop[0] in self._after(loop[0]):
            return self._gone_round(loop)
        self._loops.pop(loop[0], None)
        return set(loop) if self._differs(loop[0]) else set()

    def _differs(self, node: str) -> bool:
        """Work a node out that is in no loop; whether it has another value than before."""
        before, value = self.value(node), self._worked_out(node)
        self._values[node] = value
        return value != before

    def _worked_out(self, node: str) -> V:
        self.worked_out += 1
        return self._compute(node, self.value)

    def _gone_round(self, loop: tuple[str, ...]) -> set[str]:
        """Work out the nodes of a loop; those that have another value than before."""
        before = {node: self.value(node) for node in loop}
        for node in loop:
            self._values[node] = self._nothing
            self._loops[node] = loop
        inside = {node: sorted(one for one in self._after(node) if one in before) for node in loop}
        order = _along(inside)
        left = len(loop) if self._once else len(loop) + PATIENCE * sum(map(len, inside.values()))
        waiting, queued = deque(order), set(order)
        while waiting and left:
            left -= 1
            node = waiting.popleft()
            queued.discard(node)
            value = self._worked_out(node)
            if value != self._values[node] and not self._once:
                fresh = [one for one in inside[node] if one not in queued]
                waiting.extend(fresh)
                queued.update(fresh)
            self._values[node] = value
        if waiting:
            self.restless.update(dict.fromkeys(loop, tuple(order)))
        return {node for node in loop if self._values[node] != before[node]}

    def _in_order(self, starts: Iterable[str]) -> list[tuple[str, ...]]:
        """What can be reached from `starts`, nodes of one loop together, all behind what they need.

        Strongly connected nodes by Tarjan's algorithm, without recursion: a flow may be a chain of thousands.
        """
        number: dict[str, int] = {}
        low: dict[str, int] = {}
        held: dict[str, None] = {}
        found: list[tuple[str, ...]] = []
        work: list[tuple[str, Iterator[str]]] = []

        def enter(node: str) -> None:
            number[node] = low[node] = len(number)
            held[node] = None
            work.append((node, iter(self._after(node))))

        for start in starts:
            if start not in number:
                enter(start)
            while work:
                node, rest = work[-1]
                following = next((one for one in rest if one not in number or one in held), None)
                if following is not None and following not in number:
                    enter(following)
                elif following is not None:
                    low[node] = min(low[node], number[following])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[node])
                    if low[node] == number[node]:
                        loop: list[str] = []
                        while not loop or loop[-1] != node:
                            loop.append(held.popitem()[0])
                        found.append(tuple(sorted(loop)))
        return found[::-1]


def _along(inside: dict[str, list[str]]) -> list[str]:
    """The nodes of a loop from the first by name along the wires, so that most values come before they are asked."""
    first = min(inside)
    order: list[str] = []
    seen = {first}
    work = [(first, iter(inside[first]))]
    while work:
        node, rest = work[-1]
        following = next((one for one in rest if one not in seen), None)
        if following is None:
            order.append(node)
            work.pop()
        else:
            seen.add(following)
            work.append((following, iter(inside[following])))
    return order[::-1]
