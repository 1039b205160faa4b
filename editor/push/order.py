"""In what order the nodes of a round are written: targets before the nodes whose wires lead to them.

A wire may stand on the cluster only once its target has the mapping for it. So a node whose targets were written
before it takes all its wires along in its first write; every other costs a second one, and with it two more events for
everybody who watches. Wires of a loop, and those between two shares, do.
"""

from collections.abc import Callable, Collection, Iterable

Targets = Callable[[str], Iterable[str]]

SHARE = 4
"""Nodes that are worth a request at a time: fewer go out together with the rest."""


def targets_first(names: Iterable[str], targets: Targets) -> list[str]:
    """The names, each behind those of its ``targets`` that are among them, as far as there are no loops."""
    left = dict.fromkeys(sorted(names))
    ordered: list[str] = []
    for name in list(left):
        if name not in left:
            continue
        del left[name]
        path = [(name, iter(targets(name)))]
        while path:
            at, others = path[-1]
            for other in others:
                if other in left:
                    del left[other]
                    path.append((other, iter(targets(other))))
                    break
            else:
                ordered.append(at)
                path.pop()
    return ordered


def shares(ordered: Collection[str], most: int) -> list[list[str]]:
    """The names in at most ``most`` runs that keep their order: each is written one name after the other."""
    names = list(ordered)
    if not names:
        return []
    count = max(1, min(most, len(names) // SHARE))
    size, longer = divmod(len(names), count)
    found: list[list[str]] = []
    start = 0
    for number in range(count):
        end = start + size + (number < longer)
        found.append(names[start:end])
        start = end
    return found
