"""The state a node had when it was deleted, asked of whoever watches the cluster."""

from collections.abc import Callable, Mapping, Sequence

LastStates = Mapping[str, dict[str, str]]
Supplier = Callable[[Sequence[str]], LastStates]


def _nobody_watches(names: Sequence[str]) -> LastStates:
    return {}


_supplier: Supplier = _nobody_watches


def supply_last_states(supplier: Supplier) -> None:
    """Registers who knows `status.metadata` by TinyNode name. It answers from memory: it is called in a transaction."""
    global _supplier
    _supplier = supplier


def last_states(names: Sequence[str]) -> LastStates:
    """`status.metadata` of those of the named TinyNodes that have any."""
    return _supplier(names)
