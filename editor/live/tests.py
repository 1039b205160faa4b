"""Tells open editors that tests of their flow changed: what they say, what became of them, how far a run is.

As of comments: the database is read for what is newer, after each commit here, each hint of another process and with
every sweep. How far a run is stands in the hint itself; results are asked for by those who look at them.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from editor.database import in_database
from editor.live.flow import LiveFlow
from projects.models import Flow, FlowTestRun


class LiveTests:
    """``flows`` gives all that somebody looks at."""

    def __init__(self, flows: Callable[[], Iterable[LiveFlow]]) -> None:
        self._flows = flows

    async def catch_up(self) -> None:
        """Hint at what is newer than what was hinted at before."""
        flows = {flow.id: flow for flow in self._flows() if flow.tests_rev >= 0}
        if not flows:
            return
        for flow_id, (rev, run) in (
            await in_database(_newer, {one.id: one.tests_rev for one in flows.values()})
        ).items():
            flows[flow_id].publish_tests(rev, run)


def _newer(known: dict[uuid.UUID, int]) -> dict[uuid.UUID, tuple[int, dict[str, Any] | None]]:
    """Of flows whose tests are at another revision than is known: that, and their last run."""
    revs = dict(Flow.objects.filter(pk__in=known).values_list("pk", "tests_rev"))
    newer = {flow: rev for flow, rev in revs.items() if rev > known[flow]}
    if not newer:
        return {}
    runs = {
        run.flow_id: run.as_row()
        for run in FlowTestRun.objects.filter(flow__in=newer).select_related("by", "stopped_by")
    }
    return {flow: (rev, runs.get(flow)) for flow, rev in newer.items()}
