"""What the store must hold of one node's state, and what somebody else has put there instead.

While a host leads, every version of a state in its epoch is its own. So whatever the watch or a reading shows is one
of our versions with our texts, a write of ours that is still on its way, or somebody else's: an edit by hand, a
program without the fence, a leader of a newer epoch. The watch runs behind our writes and shows each of them, in
order; what it has shown can never come back lower.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

from weirflow.state_codec import EPOCH_KEY, RESTORED_KEY, VERSION_KEY, counter, leaps

#: Versions, and characters of theirs, that are kept until the watch has shown them; older ones are not compared then.
_MAX_KEPT = 8
_MAX_KEPT_CHARACTERS = 128 * 1024
_MAX_DOUBTED = 8

Order = tuple[int, int]
Texts = dict[str, str]


class Verdict(Enum):
    """What somebody else did to the state, and by that what becomes of it."""

    #: Other texts under a version of ours: no replica takes them up, ours are written back.
    EDITED = "edited"
    #: As `EDITED`, but a later write of ours is under way or stored already.
    OVERWRITTEN = "overwritten"
    #: Epoch or version are gone, unreadable, lower than they were or absurdly high: ours are written back.
    DAMAGED = "damaged"
    #: A newer version under our epoch, which only we may raise: taken up, as every replica does.
    ADVANCED = "advanced"
    #: A newer epoch: taken up, as every replica does. Ordinary if another host leads by now.
    OUTRANKED = "outranked"
    #: A newer state from where it should come: an earlier leader's last write, an undone deletion, a first state.
    HANDED_OVER = "handed over"


@dataclass(frozen=True, slots=True)
class Finding:
    """``found`` and ``ours`` have the texts that differ, by key; ``None`` where there is none. ``known`` tells that
    the very same was found before, and nothing of it is news."""

    verdict: Verdict
    found: dict[str, str | None]
    ours: dict[str, str | None]
    known: bool = False

    @property
    def keeps_ours(self) -> bool:
        """Whether the store has to be brought back to what we hold."""
        return self.verdict in (Verdict.EDITED, Verdict.DAMAGED)

    @property
    def takes_theirs(self) -> bool:
        """Whether what was found is to be adopted."""
        return self.verdict in (Verdict.ADVANCED, Verdict.OUTRANKED, Verdict.HANDED_OVER)


def order_of(metadata: Texts) -> Order | None:
    """Epoch and version; ``None`` where one of them is missing or no counter."""
    epoch, version = counter(metadata.get(EPOCH_KEY)), counter(metadata.get(VERSION_KEY))
    return None if epoch is None or version is None else (epoch, version)


class StateGuard:
    """Remembers the texts of our last versions. ``owns`` tells the keys of the state from those of others."""

    def __init__(self, owns: Callable[[str], bool] = lambda _key: True) -> None:
        self.owns = owns
        self._kept: dict[Order, Texts] = {}
        #: What stands there while nothing is stored under the fence, or nothing that can be used.
        self._unfenced: Texts = {}
        self._usable = True
        self._restored: str | None = None
        self._seen: Order | None = None
        self._sending: tuple[Order, Texts] | None = None
        #: Writes of ours that were given up without an answer: they may have been stored all the same.
        self._doubted: deque[tuple[Order, tuple[str, ...], bytes]] = deque(maxlen=_MAX_DOUBTED)
        self._reported: dict[str, str | None] = {}
        #: The newest that the watch showed while a write was under way: judged once its end is known.
        self.held: Texts | None = None
        self.newest: Order | None = None

    def adopted(self, metadata: Texts, *, live: bool = False, usable: bool = True) -> None:
        """The replicas hold what ``metadata`` says. ``live``: from a reading, which may be ahead of the watch. Not
        ``usable``: the component cannot read it, so that nothing of ours is at stake, and any change may mend it."""
        order = order_of(metadata) if usable else None
        texts = {key: text for key, text in metadata.items() if self.owns(key)}
        self._restored = metadata.get(RESTORED_KEY)
        self._unfenced, self._usable = (texts if order is None else {}), usable
        self.newest, self.held = order, None
        if order is not None:
            self._keep(order, texts)
            if not live:
                self.shown(metadata)

    def built_on(self, order: Order, metadata: Texts) -> None:
        """A change was built on the state of this order: it has been adopted, even if `adopted` was not called."""
        if order not in self._kept:
            self.adopted(metadata, live=True)

    def holds(self, order: Order) -> None:
        """The replica holds the state of this order, though its texts were never handed over: it was seen behind a
        write of ours, and counted once that was given up. Something older in the store is then damage."""
        if self.newest is None or order > self.newest:
            self.newest, self._unfenced = order, {}

    def shown(self, metadata: Texts) -> None:
        """The watch showed this, of which nothing older can follow."""
        order = order_of(metadata)
        if order is not None and (self._seen is None or order > self._seen):
            self._seen = order
            for old in [kept for kept in self._kept if kept < order and kept != self.newest]:
                del self._kept[old]

    def sending(self, order: Order, texts: Texts) -> None:
        """A patch that makes ``texts`` the state is on its way, or was and its end is not known."""
        self._sending = order, texts

    def stored(self) -> None:
        """It was applied."""
        if self._sending is not None:
            self.newest, texts = self._sending
            self._keep(self.newest, texts)
            self._unfenced, self._usable, self._sending = {}, True, None

    def given_up(self, *, in_doubt: bool) -> None:
        """It was refused, or, if ``in_doubt``, nobody knows."""
        if in_doubt and self._sending is not None:
            order, texts = self._sending
            self._doubted.append((order, tuple(texts), _digest(texts, tuple(texts))))
        self._sending = None

    def judge(self, metadata: Texts, uid: str, epoch: int, *, live: bool = False) -> Finding | None:
        """What is not as it must be, given that we lead in ``epoch``; ``None`` if all is well or not known yet.

        ``uid`` is the node's. ``live``: from a reading, which is never older than what we know to be stored.
        """
        if not self._usable:
            return self._judge_unfenced(metadata)
        order = order_of(metadata)
        if order is None or order not in self._kept or (live and order != self.newest):
            return self._judge_order(order, metadata, uid, epoch, live)
        if not live:
            self.shown(metadata)
        if not self._differs(metadata, self._kept[order]):
            if order == self.newest:
                self._reported = {}
            return None
        found, ours = self._differences(metadata, self._kept[order])
        if order != self.newest:
            return self._finding(Verdict.OVERWRITTEN, found, ours)
        if self._sending is not None and not live:
            self.held = metadata
            return self._finding(Verdict.OVERWRITTEN, found, ours)
        return self._finding(Verdict.EDITED, found, ours)

    def _judge_order(self, order: Order | None, metadata: Texts, uid: str, epoch: int, live: bool) -> Finding | None:
        """The judgement on an epoch and version that are not among our last ones."""
        newest = self.newest
        if order is None and newest is None:
            return self._judge_unfenced(metadata)
        if self._sending is not None and order == self._sending[0] and not self._differs(metadata, self._sending[1]):
            if not live:
                self.shown(metadata)
                self._reported = {}
            return None
        found, ours = self._differences(metadata, self._kept.get(newest, {}) if newest is not None else {})
        if order is None:
            went_back = live or self._seen is not None
        else:
            went_back = newest is not None and order < newest and (live or (self._seen or order) > order)
        if not went_back and (order is None or (newest is not None and order < newest)):
            return None  # the watch still shows what was before our own writes
        if self._sending is not None and not live:
            self.held = metadata
            return None
        if order is None or went_back or (newest is not None and leaps(order, newest)):
            return self._finding(Verdict.DAMAGED, found, ours)
        if self._is_ordinary(order, metadata, uid, epoch):
            return self._finding(Verdict.HANDED_OVER, found, ours)
        return self._finding(Verdict.OUTRANKED if order[0] > epoch else Verdict.ADVANCED, found, ours)

    def _is_ordinary(self, order: Order, metadata: Texts, uid: str, epoch: int) -> bool:
        """Whether a newer state comes from where such states should come from."""
        if any(order == doubted and _digest(metadata, keys) == digest for doubted, keys, digest in self._doubted):
            return True
        return order[0] < epoch or metadata.get(RESTORED_KEY) == uid != self._restored

    def _judge_unfenced(self, metadata: Texts) -> Finding | None:
        """Nothing of ours is stored under the fence: what stands there is the state to start from."""
        found, ours = self._differences(metadata, self._unfenced)
        return self._finding(Verdict.HANDED_OVER, found, ours) if found and self._sending is None else None

    def _differs(self, metadata: Texts, ours: Texts) -> bool:
        """Whether a text of ours is not there. Keys that we have not written may stand beside them."""
        return any(metadata.get(key) != text for key, text in ours.items())

    def _differences(self, metadata: Texts, ours: Texts) -> tuple[dict[str, str | None], dict[str, str | None]]:
        keys = [key for key, text in ours.items() if metadata.get(key) != text]
        keys += [key for key in metadata if key not in ours and self.owns(key)]
        return {key: metadata.get(key) for key in keys}, {key: ours.get(key) for key in keys}

    def _finding(self, verdict: Verdict, found: dict[str, str | None], ours: dict[str, str | None]) -> Finding:
        known = all(key in self._reported and self._reported[key] == text for key, text in found.items())
        self._reported = found
        return Finding(verdict, found, ours, known and bool(found))

    def _keep(self, order: Order, texts: Texts) -> None:
        self._kept[order] = texts
        while len(self._kept) > 1 and (len(self._kept) > _MAX_KEPT or self._characters() > _MAX_KEPT_CHARACTERS):
            del self._kept[min(self._kept)]

    def _characters(self) -> int:
        return sum(len(text) for texts in self._kept.values() for text in texts.values())


def _digest(texts: Texts, keys: tuple[str, ...]) -> bytes:
    """Tells texts apart without keeping them."""
    digest = blake2b(digest_size=16)
    for key in keys:
        digest.update(f"{key}={len(texts.get(key, ''))}:{texts.get(key, '')}".encode("utf-8", "replace"))
    return digest.digest()
