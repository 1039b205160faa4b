"""The schedule. Time begins on Thursday, 2026-01-01, at midnight in UTC."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from modules.common.cron import Cron
from modules.common.cron_times import CronTimes
from weirflow import JSON, Fail
from weirflow.testing import Node, run, settle

HOUR, DAY = 3600, 86_400


def _scheduled(node: Node) -> list[str]:
    return [each.value["scheduled"].removeprefix("2026-01-") for each in node.emitted]


async def test_it_sends_when_it_is_due() -> None:
    async with run(Cron, settings={"expression": "30 9 * * 4,6", "timeZone": "Europe/Berlin"}) as node:
        await settle()
        assert node.control["nextRun"] == "2026-01-01T09:30:00+01:00"
        assert node.live == "next Thu 1 Jan, 09:30"
        await node.clock.advance(3 * DAY)
        assert node.emitted[0].value == {
            "scheduled": "2026-01-01T09:30:00+01:00",
            "timestamp": "2026-01-01T08:30:00Z",
            "late": False,
            "leftOut": 0,
        }
        assert _scheduled(node) == ["01T09:30:00+01:00", "03T09:30:00+01:00"]
        assert node.control == {
            "nextRun": "2026-01-08T09:30:00+01:00",
            "lastRun": "2026-01-03T09:30:00+01:00",
            "words": "At 09:30 on Thursday and Saturday",
            "runs": 2,
            "leftOut": 0,
            "runNow": False,
        }


async def test_a_button_runs_it_now() -> None:
    async with run(Cron, settings={"expression": "@yearly"}) as node:
        await settle()
        await node.press("runNow")
        assert _scheduled(node) == ["01T00:00:00+00:00"]
        assert (node.control["nextRun"], node.live) == ("2027-01-01T00:00:00+00:00", "next 1 Jan 2027, 00:00")


async def test_only_the_leader_sends() -> None:
    async with run(Cron, settings={"expression": "* * * * *"}) as node:
        await node.clock.advance(120)
        other = node.replica()
        await other.ready()
        await other.lead()
        await node.clock.advance(180)
        assert (len(node.emitted), len(other.emitted)) == (2, 3)


async def test_a_replica_that_has_lost_the_lead_unknowingly_sends_nothing() -> None:
    async with run(Cron, settings={"expression": "* * * * *"}) as node:
        await node.clock.advance(61)
        node.resource.epoch += 1
        await node.clock.advance(600)
        assert len(node.emitted) == 1


@pytest.mark.parametrize(
    ("missed", "made_up", "left_out"),
    [
        ("skip", [], 0),
        ("once", ["01T05:00:00+00:00"], 4),
        ("all", ["01T03:00:00+00:00", "01T04:00:00+00:00", "01T05:00:00+00:00"], 2),
    ],
)
async def test_missed_runs_after_a_restart(missed: str, made_up: list[str], left_out: int) -> None:
    settings = {"expression": "0 * * * *", "missed": missed, "maxMissed": 3}
    async with run(Cron, settings=settings) as node:
        await settle()
        await node.kill()
        await node.clock.advance(5 * HOUR + 1800)
        fresh = node.replica()
        await fresh.ready()
        await fresh.lead()
        await settle()
        assert _scheduled(fresh) == made_up
        assert [each.value["late"] for each in fresh.emitted] == [True] * len(made_up)
        assert [each.value["leftOut"] for each in fresh.emitted][:1] == [left_out][: len(made_up)]
        assert fresh.control["leftOut"] == 5 - len(made_up)
        await fresh.clock.advance(HOUR)
        assert _scheduled(fresh) == [*made_up, "01T06:00:00+00:00"]
        assert fresh.emitted[-1].value["leftOut"] == 0


@pytest.mark.parametrize("missed", ["skip", "once", "all"])
async def test_a_run_that_is_a_little_late_is_no_missed_one(missed: str) -> None:
    async with run(Cron, settings={"expression": "0 6 * * *", "missed": missed}) as node:
        await settle()
        await node.kill()
        await node.clock.advance(6 * HOUR + 40)
        fresh = node.replica()
        await fresh.ready()
        await fresh.lead()
        await settle()
        assert [(each.value["scheduled"][11:16], each.value["late"]) for each in fresh.emitted] == [("06:00", False)]


@pytest.mark.parametrize(("missed", "again"), [("skip", 0), ("once", 1), ("all", 1)])
async def test_a_run_that_a_crash_interrupts(missed: str, again: int) -> None:
    async def never(value: JSON) -> JSON:
        await asyncio.Event().wait()

    async with run(Cron, settings={"expression": "0 6 * * *", "missed": missed}) as node:
        node.replies["tick"] = never
        await node.clock.advance(6 * HOUR)
        assert len(node.emitted) == 1
        node.replies.clear()
        fresh = await node.restart()
        await settle()
        assert len(fresh.emitted) == again
        assert {each.operation_id for each in [*node.emitted, *fresh.emitted]} == {node.emitted[0].operation_id}


async def test_runs_do_not_overlap_and_those_due_meanwhile_are_missed() -> None:
    async with run(Cron, settings={"expression": "* * * * *", "missed": "once", "timeout": 86_400_000}) as node:
        gate = asyncio.Event()

        async def slow(value: JSON) -> JSON:
            await gate.wait()

        node.replies["tick"] = slow
        await node.clock.advance(10 * 60)
        assert len(node.emitted) == 1
        gate.set()
        await settle()
        assert [each.value["scheduled"][11:16] for each in node.emitted] == ["00:01", "00:10"]
        assert node.emitted[1].value["leftOut"] == 8


async def test_what_was_due_before_a_change_or_while_off_is_not_missed() -> None:
    async with run(Cron, settings={"expression": "0 6 * * *", "missed": "all"}) as node:
        await node.set(enabled=False)
        assert node.live == "off"
        await node.clock.advance(DAY)
        await node.set(enabled=True)
        assert node.emitted == []
        await node.set(expression="0 3 * * *")
        await node.clock.advance(4 * HOUR)
        assert _scheduled(node) == ["02T03:00:00+00:00"]


async def test_a_failing_flow_shows_and_the_schedule_goes_on() -> None:
    def fail(value: JSON) -> JSON:
        raise Fail("no room", code="full")

    async with run(Cron, settings={"expression": "0 * * * *"}) as node:
        node.replies["tick"] = fail
        await node.clock.advance(2 * HOUR)
        assert [problem.code for problem in node.problems] == ["full", "full"]
        node.replies.clear()
        await node.clock.advance(HOUR)
        assert (node.problems, len(node.emitted)) == ([], 3)


async def test_a_run_waits_until_it_can_be_written_down() -> None:
    async with run(Cron, settings={"expression": "0 * * * *"}) as node:
        await node.clock.advance(HOUR - 1)
        node.resource.failures = [Fail("no answer", code="unreachable", retryable=True)] * 2
        await node.clock.advance(2)
        assert (node.emitted, [problem.code for problem in node.problems]) == ([], ["unreachable"])
        await node.clock.advance(10)
        assert (len(node.emitted), node.problems) == (1, [])


async def test_a_run_that_was_sent_is_not_sent_again_because_that_could_not_be_written_down() -> None:
    async with run(Cron, settings={"expression": "0 * * * *", "missed": "all"}) as node:

        def last(value: JSON) -> JSON:
            node.resource.failures = [Fail("no answer", code="unreachable", retryable=True)]

        node.replies["tick"] = last
        await node.clock.advance(HOUR + 60)
        assert len(node.emitted) == 1


async def test_a_clock_that_was_wrong_does_not_silence_it() -> None:
    ahead = {"cron-schedule": "0 * * * * UTC", "cron-handled": "2036-01-01T00:00:00Z", "state-version": "1"}
    async with run(Cron, settings={"expression": "0 * * * *"}, metadata={**ahead, "state-epoch": "0"}) as node:
        await node.clock.advance(HOUR)
        assert len(node.emitted) == 1


@pytest.mark.parametrize(
    ("expression", "spring", "autumn"),
    [
        # The clocks leave two to three out on 29 March, and show it twice on 25 October.
        ("30 2 * * *", ["03:00+0200"], ["02:30+0200"]),
        ("0 3 * * *", ["03:00+0200"], ["03:00+0100"]),
        ("0 2,3 * * *", ["03:00+0200"], ["02:00+0200", "03:00+0100"]),
        (
            "0,30 1-2 * * *",
            ["01:00+0100", "01:30+0100", "03:00+0200"],
            ["01:00+0200", "01:30+0200", "02:00+0200", "02:30+0200"],
        ),
        ("*/30 2 * * *", [], ["02:00+0200", "02:30+0200", "02:00+0100", "02:30+0100"]),
        ("0 */3 * * *", ["00:00+0100", "03:00+0200"], ["00:00+0200", "03:00+0100"]),
    ],
)
def test_changes_of_the_clocks(expression: str, spring: list[str], autumn: list[str]) -> None:
    zone = ZoneInfo("Europe/Berlin")
    times = CronTimes(expression, zone)

    def due(day: str) -> list[str]:
        start = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=zone).timestamp() - 1
        found = times.between(start, start + 5.5 * HOUR, 1000)
        assert found == _one_by_one(times, start, start + 5.5 * HOUR)
        return [datetime.fromtimestamp(at, zone).strftime("%H:%M%z") for at in found if at < start + 4.5 * HOUR]

    assert due("2026-03-29") == spring
    assert due("2026-10-25") == autumn


def _one_by_one(times: CronTimes, after: float, until: float) -> list[float]:
    found, at = [], times.after(after)
    while at is not None and at <= until:
        found.append(at)
        at = times.after(at)
    return found


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"])
def test_every_hour_is_every_hour_that_passes(zone: str) -> None:
    times = CronTimes("*/30 * * * *", ZoneInfo(zone))
    for month in (3, 10):
        start = datetime(2018, month, 1, tzinfo=UTC).timestamp()
        found = times.between(start, start + 40 * DAY, 2000)
        gaps = {later - sooner for sooner, later in pairwise(found)}
        # Lord Howe Island moves its clocks by half an hour.
        assert gaps <= ({1800, 3600} if zone == "Australia/Lord_Howe" else {1800})


@pytest.mark.parametrize("most", [1, 7, 100])
def test_of_many_missed_runs_the_newest_are_found(most: int) -> None:
    times = CronTimes("15,45 1-3 * * *", ZoneInfo("Europe/Berlin"))
    until = datetime(2026, 10, 25, 12, tzinfo=UTC)
    all_of_them = _one_by_one(times, (until - timedelta(days=60)).timestamp(), until.timestamp())
    found = times.between(0, until.timestamp(), most)
    assert found[-most:] == all_of_them[-most:]
    assert len(found) < most + 20


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"expression": "* * * *"}, "/expression", "this has 4"),
        ({"expression": "* * * * * *"}, "/expression", "this has 6"),
        ({"expression": "60 * * * *"}, "/expression", "minute"),
        ({"expression": "0 0 30 2 *"}, "/expression", "never comes"),
        ({"expression": "@often"}, "/expression", "@hourly"),
        ({"timeZone": "Berlin"}, "/timeZone", "Europe/Berlin"),
        ({"maxMissed": 0}, "/maxMissed", ""),
        ({"missed": "some"}, "/missed", ""),
    ],
)
async def test_unfit_settings_are_refused(changed: dict[str, Any], field: str, says: str) -> None:
    async with run(Cron) as node:
        problem = await node.set(**changed)
        assert problem is not None
        assert problem.field == field
        assert says in problem.message
