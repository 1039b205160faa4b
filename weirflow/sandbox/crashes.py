"""How often the processes of each project have ended under a call lately: the next ones wait for it, so that code which
crashes at every message does not keep the machine busy with beginning processes."""

from __future__ import annotations

#: What one crash costs the project, and how much of that it may owe before anything waits; seconds.
_EACH, _FREE = 0.1, 3.0
#: Nothing waits longer than this for the crashes of others in its project.
LONGEST_SECONDS = 2.0
_MOST_PROJECTS = 1_000


class Crashes:
    """Of one host, by project. Times are those of one clock, in seconds."""

    def __init__(self) -> None:
        #: Until when the crashes of a project so far are paid for.
        self._until: dict[str, float] = {}

    def note(self, project: str, now: float) -> None:
        """A process of the project has ended under a call."""
        most = now + _FREE + LONGEST_SECONDS
        self._until[project] = min(most, max(now, self._until.get(project, now)) + _EACH)
        if len(self._until) > _MOST_PROJECTS:
            self._until = {one: until for one, until in self._until.items() if until > now}

    def wait(self, project: str, now: float) -> float:
        """How long the next process of the project is to wait; 0 as a rule."""
        return max(0.0, self._until.get(project, now) - now - _FREE)
