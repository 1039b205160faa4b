"""The schedule window."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Literal

from pydantic import field_validator

from modules.data.opening_hours import Hours, OpeningHours
from modules.zones import zone_of
from weirflow import Component, Context, Field, Model, Result, input, output

#: The definition of what goes in and comes out.
PASSED = "schedule-window-message"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Window(Model):
    """Hours on some days of the week."""

    days: list[Weekday] = Field(
        list(_DAYS[:5]),
        title="Days",
        description="mon, tue, wed, thu, fri, sat, sun",
        min_length=1,
        max_length=7,
        unique_items=True,
    )
    start: str = Field("09:00", title="From", description="HH:MM by the clock of the time zone", pattern=_TIME)
    end: str = Field(
        "17:00", title="To", description="HH:MM; at or before From it goes on into the next day", pattern=_TIME
    )


class SpecialDate(Model):
    """A date that differs from its weekday."""

    date: str = Field(title="Date", description="YYYY-MM-DD", format="date", max_length=10)
    closed: bool = Field(True, title="Closed", description="Closed all day; off: open during these hours instead")
    start: str = Field("09:00", title="From", description="HH:MM, where it is not closed", pattern=_TIME)
    end: str = Field("17:00", title="To", description="HH:MM, where it is not closed", pattern=_TIME)
    note: str = Field("", title="Note", description="Why, for people", max_length=200)

    @field_validator("date")
    @classmethod
    def _is_date(cls, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"{text!r} is no date; write YYYY-MM-DD, such as 2026-12-24") from None


class ScheduleWindow(Component):
    """Passes messages on during opening hours, and sends all others to another port.

    A message leaves by `open` while any of the windows is open by the clock of the time zone, else by `closed`; either
    way as it came. An exception stands in place of its whole date: a holiday on which nothing is open, or other hours.
    A window whose end is at or before its beginning goes on into the next day, and belongs to the day on which it
    begins.

    When the clocks go back, both hours of the same name belong to a window that holds one; an hour that the clocks
    leave out is in none. It keeps nothing: wire `closed` to a component that does, where messages shall wait.
    """

    title = "Schedule Window"
    category = "Data"
    icon = "calendar"
    tags = ("opening hours", "time zone", "weekday", "holiday", "business hours")

    class Settings(Model):
        time_zone: str = Field(
            "UTC",
            title="Time zone",
            description="Its IANA name",
            examples=["Europe/Berlin", "America/New_York", "UTC"],
            max_length=100,
        )
        windows: list[Window] = Field(
            [Window()],
            title="Windows",
            description="Open while any of them is",
            max_length=50,
        )
        exceptions: list[SpecialDate] = Field(
            default_factory=list,
            title="Exceptions",
            description="Dates that differ from their weekday",
            max_length=1000,
        )

        @field_validator("time_zone")
        @classmethod
        def _known(cls, name: str) -> str:
            return zone_of(name).key

        @field_validator("exceptions")
        @classmethod
        def _distinct(cls, exceptions: list[SpecialDate]) -> list[SpecialDate]:
            closed: dict[str, bool] = {}
            for each in exceptions:
                # Open in the morning and in the evening is two; open and closed is a mistake.
                if each.date in closed and (each.closed or closed[each.date]):
                    raise ValueError(f"{each.date} is closed all day and stands there twice; leave one of them out")
                closed[each.date] = each.closed
            return exceptions

    class Control(Model):
        open: bool = Field(title="Open", readonly=True, description="When the last message came, or settings changed")
        next_change: str = Field(
            title="Next change", readonly=True, description="When it opens or closes", format="date-time"
        )
        passed: int = Field(title="Passed", readonly=True, description="Messages sent on since the module started")
        held: int = Field(title="Outside", readonly=True, description="Messages outside the hours since then")

    settings: Settings

    open = output("open", definition=PASSED)
    closed = output("closed", definition=PASSED)

    def __init__(self) -> None:
        self._hours = _hours(self.Settings())
        self._passed = self._held = 0
        #: When it changes next, and until when that is known.
        self._change: tuple[float | None, float] = (None, 0.0)

    async def on_settings(self) -> None:
        self._hours = _hours(self.settings)
        self._change = (None, 0.0)

    @input("in", label="In", definition=PASSED)
    async def let_pass(self, ctx: Context, message: Any) -> Result:
        is_open = self._hours.is_open(self.services.clock.time())
        self._passed += is_open
        self._held += not is_open
        self.publish()
        return await (self.open if is_open else self.closed).emit(ctx, message)

    def control(self) -> Control:
        now = self.services.clock.time()
        if now >= self._change[1]:
            found = self._hours.next_change(now)
            self._change = (found, now + 86_400 if found is None else found)
        change = self._change[0]
        return self.Control(
            open=self._hours.is_open(now),
            next_change=datetime.fromtimestamp(change, UTC).isoformat().replace("+00:00", "Z") if change else "",
            passed=self._passed,
            held=self._held,
        )

    def live(self) -> str:
        return f"{self._passed} passed, {self._held} outside" if self._passed or self._held else ""


def _hours(settings: ScheduleWindow.Settings) -> OpeningHours:
    week: list[list[Hours]] = [[] for _ in _DAYS]
    for window in settings.windows:
        for day in window.days:
            week[_DAYS.index(day)].append(_between(window.start, window.end))
    exceptions: dict[date, tuple[Hours, ...]] = {}
    for each in settings.exceptions:
        hours = () if each.closed else (_between(each.start, each.end),)
        on = date.fromisoformat(each.date)
        exceptions[on] = (*exceptions.get(on, ()), *hours)
    return OpeningHours(zone_of(settings.time_zone), tuple(map(tuple, week)), exceptions)


def _between(start: str, end: str) -> Hours:
    return time.fromisoformat(start), time.fromisoformat(end)
