"""One thing that was found, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much it matters; only `ERROR` makes the exit code 1."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is there, and what to `do`: never with a password, key or token in it."""

    part: str
    level: Level
    what: str
    do: str = ""

    def as_json(self) -> dict[str, str]:
        return {"part": self.part, "level": str(self.level), "what": self.what, "do": self.do}


Said = tuple[Level, str, str]
Part = Callable[[], Iterable[Said]]


def ok(what: str) -> Said:
    return Level.OK, what, ""


def note(what: str, do: str = "") -> Said:
    return Level.NOTE, what, do


def warning(what: str, do: str) -> Said:
    return Level.WARNING, what, do


def error(what: str, do: str) -> Said:
    return Level.ERROR, what, do
