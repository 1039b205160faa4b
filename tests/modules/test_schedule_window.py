"""The schedule window. Time begins on Thursday, 2026-01-01, at midnight in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from modules.data.opening_hours import OpeningHours
from modules.data.schedule_window import ScheduleWindow
from weirflow.testing import Node, run

HOUR = 3600


async def _port(node: Node) -> str:
    await node.send("in", {"n": 1})
    assert node.emitted[-1].value == {"n": 1}
    return node.emitted[-1].port


async def test_messages_pass_by_the_clock_of_the_zone() -> None:
    settings = {"timeZone": "Europe/Berlin", "windows": [{"days": ["thu", "fri"], "start": "09:00", "end": "17:00"}]}
    async with run(ScheduleWindow, settings=settings) as node:
        taken = []
        for _ in range(24):
            taken.append(await _port(node))
            await node.clock.advance(HOUR)
        assert [hour for hour, port in enumerate(taken) if port == "open"] == [8, 9, 10, 11, 12, 13, 14, 15]
        assert node.control == {"open": False, "nextChange": "2026-01-02T08:00:00Z", "passed": 8, "held": 16}
        assert node.live == "8 passed, 16 outside"


async def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    settings = {"windows": [{"days": ["thu"], "start": "22:00", "end": "06:00"}]}
    async with run(ScheduleWindow, settings=settings) as node:
        assert await _port(node) == "closed"
        await node.clock.advance(22 * HOUR)
        assert await _port(node) == "open"
        await node.clock.advance(8 * HOUR - 1)
        assert await _port(node) == "open"
        await node.clock.advance(1)
        assert await _port(node) == "closed"


async def test_an_exception_stands_in_place_of_its_date() -> None:
    always = {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "start": "00:00", "end": "00:00"}
    settings = {
        "windows": [always],
        "exceptions": [
            {"date": "2026-01-02", "closed": True, "note": "Stocktaking"},
            {"date": "2026-01-03", "closed": False, "start": "08:00", "end": "09:00"},
            {"date": "2026-01-03", "closed": False, "start": "20:00", "end": "21:00"},
        ],
    }
    async with run(ScheduleWindow, settings=settings) as node:
        taken = []
        for _ in range(96):
            taken.append(await _port(node))
            await node.clock.advance(HOUR)
        opened = [hour for hour, port in enumerate(taken) if port == "open"]
        assert opened == [*range(24), 48 + 8, 48 + 20, *range(72, 96)]


def test_both_hours_of_one_name_are_open_and_one_that_is_left_out_is_not() -> None:
    week = ((time(2, 0), time(3, 0)),)
    hours = OpeningHours(ZoneInfo("Europe/Berlin"), (week,) * 7, {})

    def opened(day: str) -> list[str]:
        start = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
        found = [start + minute * 60 for minute in range(0, 24 * 60, 30) if hours.is_open(start + minute * 60)]
        return [datetime.fromtimestamp(at, UTC).strftime("%H:%M") for at in found]

    assert opened("2026-10-25") == ["00:00", "00:30", "01:00", "01:30"]
    assert opened("2026-03-29") == []
    assert opened("2026-07-01") == ["00:00", "00:30"]


def test_a_window_into_the_hour_that_is_left_out_ends_when_the_clocks_jump() -> None:
    hours = OpeningHours(ZoneInfo("Europe/Berlin"), (((time(1, 30), time(2, 30)),),) * 7, {})
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()
    assert hours.is_open(jump - 60)
    assert not hours.is_open(jump)
    assert hours.next_change(jump - 60) == jump


def test_what_never_opens_never_changes() -> None:
    assert OpeningHours(ZoneInfo("UTC"), ((),) * 7, {}).next_change(0) is None
    always = ((time(0), time(0)),)
    assert OpeningHours(ZoneInfo("UTC"), (always,) * 7, {}).next_change(0) is None
    closed_once = OpeningHours(ZoneInfo("UTC"), (always,) * 7, {date(1970, 1, 3): ()})
    assert closed_once.next_change(0) == 2 * 86_400


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"timeZone": "Mars/Olympus"}, "/timeZone"),
        ({"timeZone": "../../etc/passwd"}, "/timeZone"),
        ({"windows": [{"days": [], "start": "09:00", "end": "17:00"}]}, "/windows/0/days"),
        ({"windows": [{"start": "9:00"}]}, "/windows/0/start"),
        ({"windows": [{"end": "24:00"}]}, "/windows/0/end"),
        ({"exceptions": [{"date": "24.12.2026"}]}, "/exceptions/0/date"),
        ({"exceptions": [{"date": "2026-02-30"}]}, "/exceptions/0/date"),
        ({"exceptions": [{"date": "2026-12-24"}, {"date": "2026-12-24"}]}, "/exceptions"),
    ],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str) -> None:
    async with run(ScheduleWindow) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
