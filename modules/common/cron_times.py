"""When a cron expression is due, as instants: Unix seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
#: Where a time falls into an hour that the clocks show twice or not at all, the walk back and the walk forth may differ
#: by the size of the jump. The largest of any zone since 1970 is shorter, but for a day skipped at the date line.
_JUMP_SECONDS = 3 * 3600


class CronTimes:
    """The instants at which an expression is due in a time zone.

    Five fields, or a nickname. Rules for changes of the clocks are those of Debian's cron: a time that is left out is
    due when the clocks have jumped, one that comes twice the first time only. Where minutes or hours begin with `*` it
    is about time that passes, and they are due in both hours of one name.
    """

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        """Raises `ValueError` saying what is wrong with the expression."""
        text = NICKNAMES.get(expression.strip().lower(), expression)
        if text.lstrip().startswith("@"):
            raise ValueError(f"there is no {text.strip()!r}; write one of {', '.join(NICKNAMES)}, or five fields")
        if (count := len(text.split())) != 5:
            raise ValueError(
                f"an expression has five fields (minute, hour, day of the month, month, weekday), and this has {count}"
            )
        self._text = text
        self._zone = zone
        try:
            known = next(self._walk(0.0), None)
        except CronSimError as error:
            what = str(error).removeprefix("Bad ")
            raise ValueError(f"its {what} is not one that cron knows, or such a day never comes") from None
        if known is None:
            raise ValueError("it is never due; look at its day and its month")

    @property
    def words(self) -> str:
        """What it says, in English: `At 09:00 on Monday through Friday`."""
        return CronSim(self._text, datetime.fromtimestamp(0.0, self._zone)).explain()

    def after(self, instant: float) -> float | None:
        """The first due instant after this one; None if there is none for fifty years."""
        return next(self._after(instant), None)

    def between(self, after: float, until: float, most: int) -> list[float]:
        """The due instants after the one and up to the other, oldest first: all of them, or, where there are more than
        `most`, at least the newest `most`. What it costs depends on `most` alone, not on how long ago it was."""
        start = until
        for due in islice(CronSim(self._text, datetime.fromtimestamp(until, self._zone), reverse=True), most + 1):
            start = due.timestamp() - _JUMP_SECONDS
            if start <= after:
                break
        else:
            after = start
        found = []
        for instant in self._after(after):
            if instant > until:
                break
            found.append(instant)
        return found

    def _after(self, instant: float) -> Iterator[float]:
        last = instant
        for due in self._walk(instant):
            # In the second of two hours of one name the walk begins in the first.
            if due > last:
                last = due
                yield due

    def _walk(self, instant: float) -> Iterator[float]:
        for due in CronSim(self._text, datetime.fromtimestamp(instant, self._zone)):
            yield due.timestamp()
