"""How fast one may ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` requests that fills again by `per_second`. A rate of 0 limits nothing."""

    per_second: float
    burst: float

    @property
    def limits(self) -> bool:
        return self.per_second > 0
