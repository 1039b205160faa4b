"""Routes of nodes that run in a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FakeRoute:
    """A route in memory; `tables` are what it stands in."""

    method: str
    path: str
    tables: Sequence[dict[tuple[str, str], Any]]

    @property
    def url(self) -> str:
        """Of no use outside the test."""
        return f"http://test{self.path}"

    def close(self) -> None:
        """Answer 404 from now on."""
        for table in self.tables:
            table.pop((self.method, self.path), None)
