"""What `weirflow validate` finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from weirflow.cli.out import styled


@dataclass(frozen=True)
class Finding:
    """``error``: it will not work. ``warning``: it works, and people will miss something. ``line`` 0: unknown."""

    level: Literal["error", "warning"]
    where: str
    message: str
    file: str = ""
    line: int = 0

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        level = styled(self.level, "red" if self.level == "error" else "yellow")
        return f"{level} {' '.join(filter(None, [place, self.where]))}: {self.message}"
