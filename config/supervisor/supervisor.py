"""Starts the children side by side, keeps them running, and stops them in order."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from config.supervisor.child import Child, ChildSpec
from config.supervisor.errors import EXIT_HOPELESS
from config.supervisor.home import Home
from config.supervisor.loop import Loop
from config.supervisor.orphans import tie_to
from config.supervisor.output import Output
from weirflow.log_format import log_format

STILL_WAITING_SECONDS = 30.0
LAST_WORDS_SECONDS = 0.5


class Supervisor:
    """Runs `children` until SIGINT, SIGTERM or SIGHUP.

    `stop_order` lists groups of names: a group is stopped together, and the next only when it has ended, so that what
    takes work in ends before what the work is written to. A second SIGINT kills what is left at once.

    SIGUSR1 starts the children in `rolling` again, one after the other, each when the one before is ready: the others
    do its work meanwhile.
    """

    def __init__(
        self,
        children: Sequence[ChildSpec],
        *,
        home: Home,
        directory: Path,
        stop_order: Sequence[Sequence[str]],
        on_ready: Callable[[Output, str], None],
        parent: int,
        rolling: Sequence[str] = (),
    ) -> None:
        self.loop = Loop()
        self.output = Output(self.loop, json_lines=log_format() == "json")
        self._home, self._on_ready = home, on_ready
        self._to_stop = [list(names) for names in stop_order]
        self._rolling = list(rolling)
        #: Children that wait for their turn; the first has been told to stop and is not back yet.
        self._to_roll: list[str] = []
        self._children = {
            spec.name: Child(
                spec,
                loop=self.loop,
                output=self.output,
                watcher=self,
                directory=directory,
                inherit=(home.lock_fd,),
                before_exec=tie_to(parent),
            )
            for spec in children
        }
        self._note = ""
        self._all_ready = self._stopping = False
        self._exit_code = 0

    def run(self) -> int:
        """Run until told to stop; the exit code of the command."""
        self.loop.on_signals(
            (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD), self._on_signal
        )
        for child in self._children.values():
            child.start()
        self.loop.after(STILL_WAITING_SECONDS, self._say_what_is_missing)
        self.loop.run()
        self.output.say("stopped")
        self.output.flush(LAST_WORDS_SECONDS)
        return self._exit_code

    def child_started(self, child: Child) -> None:
        self._home.record(children={name: one.pid for name, one in self._children.items() if one.pid})

    def child_ready(self, child: Child, note: str) -> None:
        self._note = self._note or note
        if self._all_ready:
            self.output.say(f"{child.name} is back")
        elif all(one.ready for one in self._children.values()):
            self._all_ready = True
            self._on_ready(self.output, self._note)
            self._note = ""
        if self._to_roll and child.name == self._to_roll[0]:
            self._to_roll.pop(0)
            self._roll_next()

    def child_ended(self, child: Child, hopeless: bool) -> None:
        if hopeless and not self._stopping:
            self._stop(EXIT_HOPELESS)
        elif self._stopping:
            self._stop_next_group()

    def _on_signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            for child in self._children.values():
                child.reap()
        elif number == signal.SIGUSR1:
            if not self._stopping and not self._to_roll:
                self._to_roll = list(self._rolling)
                self.output.say(f"starting again, one after the other: {', '.join(self._to_roll)}")
                self._roll_next()
        elif not self._stopping:
            self.output.say("stopping")
            self._stop(0)
        elif number == signal.SIGINT:
            self.output.say("killing what still runs")
            for child in self._children.values():
                child.kill()

    def _roll_next(self) -> None:
        """Have the first in the row start again. One that does not run now comes back by itself, and is new then."""
        if self._to_roll:
            self._children[self._to_roll[0]].renew()

    def _stop(self, exit_code: int) -> None:
        self._stopping, self._exit_code = True, exit_code
        self._to_roll = []
        for child in self._children.values():
            child.retire()
        self._stop_next_group()

    def _stop_next_group(self) -> None:
        """Tell the first group that has running members to stop; with none left, leave the loop."""
        while self._to_stop:
            running = [child for name in self._to_stop[0] if (child := self._children[name]).pid]
            for child in running:
                child.stop()
            if running:
                return
            self._to_stop.pop(0)
        self.loop.stop()

    def _say_what_is_missing(self) -> None:
        if self._all_ready or self._stopping:
            return
        missing = ", ".join(name for name, child in self._children.items() if not child.ready)
        self.output.say(f"still waiting for: {missing}")
        self.loop.after(STILL_WAITING_SECONDS, self._say_what_is_missing)
