"""Tells open editors that comments changed, and people that they were named: hints, upon which browsers ask.

One way for what this process committed and for what others did: the database is read for what is newer, after each
commit here, each hint of another process and with every sweep, so that a hint that is lost is a delay.
"""

import uuid
from collections.abc import Callable, Iterable

from django.db.models import Max

from editor.database import in_database
from editor.live.flow import LiveFlow
from projects.models import Flow, Mention

MAX_NAMED = 1000
"""Mentions looked at in one go; who is named past that hears of it with the next thing that happens."""


class LiveComments:
    """``flows`` gives all that somebody looks at."""

    def __init__(self, flows: Callable[[], Iterable[LiveFlow]]) -> None:
        self._flows = flows
        self._last_mention = -1

    async def catch_up(self) -> None:
        """Hint at what is newer than what was hinted at before."""
        flows = {flow.id: flow for flow in self._flows() if flow.comments_rev >= 0}
        if not flows:
            self._last_mention = -1
            return
        revs, named, last = await in_database(_newer, list(flows), self._last_mention)
        self._last_mention = max(last, self._last_mention)
        for flow_id, rev in revs.items():
            flows[flow_id].publish_comments(rev)
        if named:
            for flow in self._flows():
                flow.tell_mentions(named)


def _newer(flow_ids: list[uuid.UUID], last_mention: int) -> tuple[dict[uuid.UUID, int], set[int], int]:
    """The comments' revision of each flow; who was named since the mention ``last_mention``, and the newest mention."""
    revs = dict(Flow.objects.filter(pk__in=flow_ids).values_list("pk", "comments_rev"))
    if last_mention < 0:
        return revs, set(), Mention.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found = list(Mention.objects.filter(pk__gt=last_mention).order_by("pk").values_list("pk", "user_id")[:MAX_NAMED])
    return revs, {user for _, user in found}, found[-1][0] if found else last_mention
