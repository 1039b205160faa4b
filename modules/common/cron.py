"""The schedule."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from modules.common.cron_settings import COUNTED, CronSettings
from modules.common.cron_times import CronTimes
from modules.zones import zone_of
from weirflow import (
    Button,
    Component,
    Context,
    Fail,
    Field,
    Model,
    NotLeader,
    StateStore,
    button,
    derive_operation_id,
    on_control,
    output,
    stored,
)

#: How long a run that is under way may take when the schedule stops.
STOP_SECONDS = 2.0
#: The longest sleep: the wall clock may be set, and a laptop may sleep while this does not pass.
NAP_SECONDS = 60.0
#: After a run could not be written down, it is tried again in so many seconds.
RETRY_SECONDS = 5.0


class CronTick(Model):
    """Sent when the schedule is due."""

    scheduled: str = Field(title="Scheduled", description="When it was due, by the zone's clock", format="date-time")
    timestamp: str = Field(title="Timestamp", description="When it is sent", format="date-time")
    late: bool = Field(title="Late", description="It makes up for a run that was missed")
    left_out: int = Field(title="Left out", description="Due runs before it that are not made up for; 1,000 at most")


class Cron(Component):
    """Sends a message at the times of a cron expression.

    `0 9 * * 1-5` is nine o'clock on weekdays: minute, hour, day of the month, month, weekday (0 or 7 is Sunday), each a
    number, `*`, a list `1,15`, a range `1-5`, or every so many `*/10`; months and weekdays by their English names too,
    `L` for the last day of a month, `5#2` for the second Friday. `@hourly`, `@daily`, `@weekly`, `@monthly` and
    `@yearly` are short for what they say.

    **Time zones.** It goes by the clock of the zone. A time that the clocks leave out in spring is due at the moment
    they jump; one that comes twice in autumn is due the first time only. Expressions whose minute or hour begins with
    `*` go by the time that passes: `0 * * * *` is due in both hours of one name, and not in one that is left out.

    **Missed runs.** Up to when runs are done stands in the node's state, so that restarts, a new leader, and a flow
    that is still busy do not lose them unseen. A run that is late by no more than *Counts as on time* is no missed one.
    Of others *skip* sends none, *run once* the newest, and *run all* the newest up to the limit, oldest first. A new
    expression, zone, or switching on begins anew: what was due before is not missed.

    One replica runs it, the leading one, and writes each run down before it is sent: a replica that has lost the lead
    sends none. With *skip* the run is done by that, and is never sent twice. With the others it is done once the flow
    has answered: one that a crash has interrupted is sent again under the same operation id, so that nodes that keep
    state count it once. Runs never overlap. A failure of the flow is shown on the node, and the run is done: let wires
    retry.
    """

    category = "Sources"
    icon = "calendar"
    tags = ("timer", "schedule", "crontab", "time zone", "source")

    class Settings(CronSettings):
        """When it is due, and what becomes of runs that were missed."""

    class State(Model, version=1):
        schedule: str = stored("cron-schedule", "")
        handled: datetime | None = stored("cron-handled", None)
        started: datetime | None = stored("cron-started", None)

    class Control(Model):
        next_run: str = Field(title="Next run", readonly=True, description="When it is due", format="date-time")
        last_run: str = Field(title="Last run", readonly=True, description="When it was due", format="date-time")
        words: str = Field(title="In words", readonly=True, description="What the expression says")
        runs: int = Field(title="Runs", readonly=True, description="Since the schedule started")
        left_out: int = Field(title="Left out", readonly=True, description="Missed runs not made up for, since then")
        run_now: Button = button("Run now", card=True)

    settings: Settings
    state: StateStore[State]

    tick = output("tick", CronTick)

    def __init__(self) -> None:
        self._times = CronTimes("0 * * * *", zone_of("UTC"))
        self._key = self._words = ""
        self._running = False
        self._busy = False
        self._failing = False
        self._loop: asyncio.Task[None] | None = None
        #: Runs up to here are sent, whether or not that could be written down.
        self._sent_until = 0.0
        self._next: float | None = None
        self._runs = self._left_out = 0

    async def on_settings(self) -> None:
        settings = self.settings
        key = f"{settings.expression.strip()} {settings.time_zone}" if settings.enabled else "off"
        if key == self._key:
            return
        self._times = CronTimes(settings.expression, zone_of(settings.time_zone))
        self._words = self._times.words if settings.enabled else "Never: it is switched off"
        self._key = key
        if self._running and not self._busy:
            self._begin()

    async def start(self, ctx: Context) -> None:
        self._runs = self._left_out = 0
        self._sent_until = 0.0
        self._running = True
        self._begin()

    async def stop(self) -> None:
        self._running = False
        self._next = None
        if self._loop is not None and self._busy:
            await asyncio.wait([self._loop], timeout=STOP_SECONDS)

    @on_control("run_now")
    async def run_now(self, ctx: Context) -> None:
        now = self.services.clock.time()
        await self.tick.emit(ctx, self._message(now, late=False, left_out=0))

    def control(self) -> Control:
        handled = self.state.value.started
        return self.Control(
            next_run=self._local(self._next) if self._next else "",
            last_run=self._local(handled.timestamp()) if handled else "",
            words=self._words,
            runs=self._runs,
            left_out=self._left_out,
        )

    def live(self) -> str:
        if not self.settings.enabled:
            return "off"
        if self._next is None:
            return ""
        zone = zone_of(self.settings.time_zone)
        due, now = (datetime.fromtimestamp(each, zone) for each in (self._next, self.services.clock.time()))
        return f"next {due:%a %-d %b, %H:%M}" if due.year == now.year else f"next {due:%-d %b %Y, %H:%M}"

    def _begin(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
        self._loop = self.spawn(self._run(), "cron")

    async def _run(self) -> None:
        clock = self.services.clock
        while True:
            try:
                if await self._step():
                    continue
                wait = NAP_SECONDS if self._next is None else min(NAP_SECONDS, self._next - clock.time())
            except NotLeader:
                # Its successor is at work.
                return
            except Fail as error:
                self._failing = True
                self.report(error.problem)
                wait = RETRY_SECONDS
            await clock.sleep(max(0.0, wait))

    async def _step(self) -> bool:
        """Send what is due; False if nothing is, and `_next` says when something will be. Raises `Fail` where the state
        cannot be written."""
        now, times, state = self.services.clock.time(), self._times, self.state.value
        handled = max(self._sent_until, state.handled.timestamp() if state.handled else 0.0)
        # A clock that went wrong and was put right must not silence the schedule until that time comes.
        if state.schedule != self._key or handled > now + max(60, self.settings.grace):
            self._sent_until = 0.0
            async with self.state.change(self.services.begin()) as fresh:
                fresh.schedule, fresh.handled, fresh.started = self._key, _utc(now), state.started
            return True
        self._show_next(times.after(handled) if self.settings.enabled else None)
        if self._next is None or self._next > now:
            return False
        due = times.between(handled, now, COUNTED)
        chosen = self._chosen(due, now)
        self._left_out += len(due) - len(chosen)
        if not chosen:
            self._sent_until = now
            async with self.state.change(self.services.begin()) as fresh:
                fresh.handled = _utc(now)
        for number, instant in enumerate(chosen):
            late = now - instant > self.settings.grace
            await self._send(instant, late, len(due) - len(chosen) if number == 0 else 0)
            if self._times is not times:
                break
        return True

    def _chosen(self, due: list[float], now: float) -> list[float]:
        """Of what is due by now: what is sent."""
        settings = self.settings
        on_time = now - due[-1] <= settings.grace
        if settings.missed == "skip":
            return due[-1:] if on_time else []
        return due[-1:] if settings.missed == "once" else due[-settings.max_missed - on_time :]

    async def _send(self, due: float, late: bool, left_out: int) -> None:
        done_before = self.settings.missed == "skip"
        async with self.state.change(self.services.begin()) as state:
            state.started = _utc(due)
            if done_before:
                state.handled = _utc(due)
        self._sent_until = due
        self._runs += 1
        self._busy = True
        ctx = self.services.begin(
            derive_operation_id(self.services.node_name, "cron", due), self.settings.timeout / 1000
        )
        try:
            await self.tick.emit(ctx, self._message(due, late=late, left_out=left_out))
        except Fail as error:
            self._failing = True
            self.report(error.problem)
        else:
            if self._failing:
                self._failing = False
                self.report(None)
        finally:
            self._busy = False
        if not done_before:
            async with self.state.change(self.services.begin()) as state:
                state.handled = _utc(due)

    def _message(self, due: float, *, late: bool, left_out: int) -> CronTick:
        sent = _utc(self.services.clock.time()).isoformat().replace("+00:00", "Z")
        return CronTick(scheduled=self._local(due), timestamp=sent, late=late, left_out=left_out)

    def _local(self, instant: float) -> str:
        return datetime.fromtimestamp(instant, zone_of(self.settings.time_zone)).isoformat(timespec="seconds")

    def _show_next(self, instant: float | None) -> None:
        if instant != self._next:
            self._next = instant
            self.publish()


def _utc(instant: float) -> datetime:
    return datetime.fromtimestamp(instant, UTC)
