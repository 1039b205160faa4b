"""Who is in a flow: the tabs that are open, and the newest that each has said of itself. Kept in memory only."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from editor.live.cursors import Cursors
from editor.live.entry import Entry
from editor.live.said import read_said

SILENT_SECONDS = 12.0
"""A tab that is looked at pings every 5 s; not heard for so long it is gone, though its socket may not know."""
MAX_TABS = 2_000
"""Tabs at other web processes that are told of."""

Tell = Callable[[str, Entry | None], None]


class Browser(Protocol):
    """What is asked of a client."""

    client_id: str
    person: str
    name: str
    visible: bool


@dataclass(slots=True)
class Tab:
    """``here`` is what is told of it but for the cursor. ``origin`` is the web process it is at; empty: this one."""

    here: Entry
    origin: str
    heard: float
    cursor: list[int] | None = None
    silent: bool = False


@dataclass(slots=True)
class Presence:
    """Collects what is new about the tabs of one flow. ``schedule`` asks for a frame; ``on_told``, where it is set,
    hears of what is new about tabs of this process."""

    schedule: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    on_told: Tell | None = None
    _tabs: dict[str, Tab] = field(default_factory=dict)
    _cursors: Cursors = field(default_factory=Cursors)
    _follows: dict[str, str] = field(default_factory=dict)
    _changes: dict[str, Entry | None] = field(default_factory=dict)

    # Tabs of this process

    def join(self, browser: Browser) -> None:
        """A tab was opened."""
        here = {"person": browser.person, "name": browser.name, "away": not browser.visible}
        here |= {"view": None, "selection": [], "form": None}
        self._tabs[browser.client_id] = Tab(here, "", self.clock())
        self._tell(browser.client_id, {**here, "cursor": None})

    def leave(self, tab_id: str) -> None:
        """A tab was closed, or its connection broke."""
        tab = self._tabs.get(tab_id)
        self._drop(tab_id)
        if tab is not None and not tab.silent:
            self._tell(tab_id, None)

    def heard(self, tab_id: str) -> None:
        """Something came from the tab."""
        tab = self._tabs.get(tab_id)
        if tab is None:
            return
        tab.heard = self.clock()
        if tab.silent:
            tab.silent = False
            self._tell(tab_id, self._entry(tab_id, tab))

    def say(self, tab_id: str, message: dict[str, Any]) -> None:
        """A tab says where its cursor is, what it has selected, which field it edits; the rest is as before."""
        said, tab = read_said(message), self._tabs.get(tab_id)
        if said is None or tab is None or tab.here["away"]:
            return
        if "follow" in said:
            self._follow(tab_id, said.pop("follow"))
        new: Entry = {key: value for key, value in said.items() if key != "cursor" and tab.here[key] != value}
        tab.here.update(new)
        if "cursor" in said and said["cursor"] != tab.cursor:
            tab.cursor = said["cursor"]
            new |= self._moved(tab_id, tab)
        if new:
            self._tell(tab_id, new)

    def show(self, tab_id: str, visible: bool) -> None:
        """A tab was hidden, or is looked at again. Hidden it has no cursor and edits nothing."""
        tab = self._tabs.get(tab_id)
        if tab is None or tab.here["away"] is not visible:
            return
        new: Entry = {"away": not visible}
        if not visible:
            self._follows.pop(tab_id, None)
            self._cursors.gone(tab_id)
            tab.cursor = None
            new |= {"cursor": None, "form": None}
        tab.here.update({key: value for key, value in new.items() if key != "cursor"})
        self._tell(tab_id, new)

    def look_for_silent(self) -> None:
        """Whoever says nothing is gone until heard again: to be called now and then."""
        until = self.clock() - SILENT_SECONDS
        for tab_id, tab in self._tabs.items():
            if not tab.origin and not tab.silent and tab.heard < until and not tab.here["away"]:
                tab.silent = True
                self._tell(tab_id, None)

    # Tabs of other processes

    def others(self, origin: str, tabs: dict[str, Any], *, full: bool) -> None:
        """Another process says what is new about its tabs, or with ``full`` which ones it has."""
        now = self.clock()
        for tab_id, new in tabs.items():
            tab = self._tabs.get(tab_id)
            if tab is None and (new is None or "person" not in new or len(self._tabs) >= MAX_TABS):
                continue
            if tab is None:
                tab = self._tabs[tab_id] = Tab({}, origin, now)
            if tab.origin == origin:
                self._take(tab_id, tab, new)
        for tab_id, tab in list(self._tabs.items()):
            if tab.origin == origin:
                tab.heard = now
                if full and tab_id not in tabs:
                    self._take(tab_id, tab, None)

    def forget_origins(self, seconds: float) -> None:
        """The tabs of processes that have said nothing for so long are gone."""
        until = self.clock() - seconds
        for tab_id, tab in list(self._tabs.items()):
            if tab.origin and tab.heard < until:
                self._take(tab_id, tab, None)

    def own(self) -> dict[str, Entry]:
        """The whole entries of this process's tabs."""
        return {i: self._entry(i, tab) for i, tab in self._tabs.items() if not tab.origin and not tab.silent}

    # For frames

    @property
    def changed(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._changes)

    def changes(self) -> dict[str, Entry | None]:
        """What is new since the last call, by tab; None: gone."""
        changes, self._changes = self._changes, {}
        return changes

    def snapshot(self) -> dict[str, Entry]:
        """All that are here."""
        return {tab_id: self._entry(tab_id, tab) for tab_id, tab in self._tabs.items() if not tab.silent}

    def entries(self, tab_ids: Iterable[str]) -> dict[str, Entry | None]:
        """Whole entries of some tabs; None: gone."""
        found = ((tab_id, self._tabs.get(tab_id)) for tab_id in tab_ids)
        return {i: None if tab is None or tab.silent else self._entry(i, tab) for i, tab in found}

    def _take(self, tab_id: str, tab: Tab, new: Entry | None) -> None:
        if new is None:
            self._drop(tab_id)
            self._note(tab_id, None)
            return
        news = {key: new[key] for key in new if key != "cursor" and (key not in tab.here or tab.here[key] != new[key])}
        if not tab.here:
            news["cursor"] = None
        tab.here.update({key: value for key, value in news.items() if key != "cursor"})
        if "cursor" in new and new["cursor"] != tab.cursor:
            tab.cursor = new["cursor"]
            news |= self._moved(tab_id, tab)
        if news:
            self._note(tab_id, news)

    def _moved(self, tab_id: str, tab: Tab) -> Entry:
        if tab.cursor is None:
            self._cursors.gone(tab_id)
            return {"cursor": None}
        told, instead_of = self._cursors.moved(tab_id, self.clock(), self._follows.values())
        if instead_of is not None:
            self._news(instead_of, {"cursor": None})
        return {"cursor": tab.cursor} if told else {}

    def _follow(self, tab_id: str, followed: str | None) -> None:
        self._follows.pop(tab_id, None)
        tab = self._tabs.get(followed) if followed is not None else None
        if followed is None or tab is None:
            return
        self._follows[tab_id] = followed
        if tab.cursor is not None and followed not in self._cursors and (new := self._moved(followed, tab)):
            self._news(followed, new)

    def _entry(self, tab_id: str, tab: Tab) -> Entry:
        return {**tab.here, "cursor": tab.cursor if tab_id in self._cursors else None}

    def _drop(self, tab_id: str) -> None:
        self._tabs.pop(tab_id, None)
        self._follows.pop(tab_id, None)
        self._cursors.gone(tab_id)

    def _news(self, tab_id: str, new: Entry) -> None:
        """As other processes tell of their own tabs, so does this one of its own only."""
        (self._note if self._tabs[tab_id].origin else self._tell)(tab_id, new)

    def _tell(self, tab_id: str, new: Entry | None) -> None:
        if self.on_told is not None:
            self.on_told(tab_id, new)
        self._note(tab_id, new)

    def _note(self, tab_id: str, new: Entry | None) -> None:
        pending = self._changes.get(tab_id)
        self._changes[tab_id] = {**pending, **new} if pending is not None and new is not None else new
        self.schedule()
