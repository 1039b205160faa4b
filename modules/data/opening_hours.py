"""Opening hours as instants: when a week of them, with its exceptions, is open in a time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: From and to, by the wall clock. One that ends at or before its beginning goes on into the next day.
Hours = tuple[time, time]

#: How far ahead the next change is looked for, in days. A week that never opens has none.
AHEAD = 370


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`week`: the hours of Monday (0) to Sunday (6). `exceptions` stand in place of what the week has on that date."""

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    exceptions: Mapping[date, tuple[Hours, ...]]

    def is_open(self, now: float) -> bool:
        """Whether it is open at `now` (Unix seconds). The end of a window is closed already."""
        today = self._date(now)
        # What began yesterday may reach into today.
        return any(
            start <= now < end for day in (today - timedelta(days=1), today) for start, end in self._instants(day)
        )

    def next_change(self, now: float) -> float | None:
        """When it opens or closes next, in Unix seconds; None if that is not within a year."""
        today = self._date(now)
        is_open = self.is_open(now)
        for offset in range(-1, AHEAD):
            edges = {edge for window in self._instants(today + timedelta(days=offset)) for edge in window}
            for edge in sorted(edge for edge in edges if edge > now):
                # Where one window ends and another begins nothing changes.
                if self.is_open(edge) != is_open:
                    return edge
        return None

    def _date(self, now: float) -> date:
        return datetime.fromtimestamp(now, self.zone).date()

    def _instants(self, day: date) -> Iterator[tuple[float, float]]:
        """A window over a change of the clocks covers all that the wall clock shows of it: both hours of one that comes
        twice, and none of one that is left out."""
        for start, end in self.exceptions.get(day, self.week[day.weekday()]):
            last = day if end > start else day + timedelta(days=1)
            yield self._instant(day, start, fold=0), self._instant(last, end, fold=1)

    def _instant(self, day: date, at: time, fold: int) -> float:
        wall = datetime.combine(day, at, self.zone).replace(fold=fold)
        instant = wall.astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
            # The clocks leave this time out: what it stands for is the moment at which they jump.
            instant = self._jump(day)
        return instant.timestamp()

    def _jump(self, day: date) -> datetime:
        """When the clocks go forward on `day`: the offset from UTC grows there."""
        low = datetime.combine(day, time(), UTC) - timedelta(hours=15)
        high = low + timedelta(hours=54)
        before = low.astimezone(self.zone).utcoffset()
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            if middle.astimezone(self.zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        return high.replace(microsecond=0)
