"""Whose cursors are told where many are: a few that stay the same, instead of all of them now and then."""

from collections.abc import Collection

MOST = 30
"""Cursors that are told of one flow; beyond that nobody could follow them with their eyes."""
REST_SECONDS = 2.0
"""Who has not moved for so long makes way for somebody who does."""


class Cursors:
    """The tabs whose cursors are told, each with when it moved last. Those that somebody follows come first."""

    def __init__(self) -> None:
        self._moved: dict[str, float] = {}

    def __contains__(self, tab: str) -> bool:
        return tab in self._moved

    def moved(self, tab: str, now: float, followed: Collection[str]) -> tuple[bool, str | None]:
        """Whether the cursor of a tab that moved is told, and the tab whose cursor is not told any more instead."""
        if tab in self._moved or len(self._moved) < MOST:
            self._moved[tab] = now
            return True, None
        out = self._to_make_way(now, followed, tab in followed)
        if out is None:
            return False, None
        del self._moved[out]
        self._moved[tab] = now
        return True, out

    def gone(self, tab: str) -> None:
        """The tab has no cursor any more."""
        self._moved.pop(tab, None)

    def _to_make_way(self, now: float, followed: Collection[str], at_once: bool) -> str | None:
        others = [tab for tab in self._moved if tab not in followed]
        if not others:
            return None
        longest = min(others, key=self._moved.__getitem__)
        return longest if at_once or now - self._moved[longest] > REST_SECONDS else None
