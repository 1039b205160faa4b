"""What has been made of a part of a JSONata expression."""

from __future__ import annotations

from dataclasses import dataclass

from weirflow.flowfile.nodered.message import Unsaid


@dataclass(frozen=True, slots=True)
class Made:
    """`text` is our expression. `parts` are those of a text that is put together, which only a mapping can do."""

    text: str
    atomic: bool = True
    """Whether it stands beside an operator without brackets."""
    literal: str | None = None
    """What it is, if it is a text as it stands."""
    is_number: bool = False
    is_path: bool = False
    parent: str = ""
    last: str = ""
    """Of a path with several steps all but the last, and the last."""
    parts: tuple[Made, ...] = ()

    def within(self) -> str:
        """As part of another expression. Raises Unsaid."""
        if self.parts:
            raise Unsaid("its JSONata puts a text together within something else")
        return self.text if self.atomic else f"({self.text})"
