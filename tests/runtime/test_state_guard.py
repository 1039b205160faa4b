"""Whose texts stand in the store: every case that a watch or a reading can bring, with a leader of epoch 3."""

from typing import Any

import pytest

from weirflow.runtime.state_guard import StateGuard, Verdict

UID = "u1"


def state(version: int, value: str = "", epoch: int = 3, **more: str) -> dict[str, str]:
    text = value or f"v{version}"
    return {"state-epoch": str(epoch), "state-version": str(version), "value": text, **more}


def without(texts: dict[str, str], key: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name != key}


class Leader:
    """A guard whose host has stored some versions, of which the watch has shown some."""

    def __init__(self, *stored: int, shown: int = 0, adopted: dict[str, str] | None = None) -> None:
        self.guard = StateGuard(lambda key: key in state(1))
        self.guard.adopted(adopted or {})
        for version in stored:
            self.store(version)
            if version <= shown:
                assert self.sees(state(version)) is None

    def store(self, version: int) -> None:
        self.guard.sending((3, version), state(version))
        self.guard.stored()

    def sees(self, metadata: dict[str, str], **how: Any) -> Verdict | None:
        self.finding = self.guard.judge(metadata, UID, 3, **how)
        return self.finding.verdict if self.finding is not None else None


def test_own_writes_are_recognised_however_late_they_are_seen() -> None:
    leader = Leader(1, 2, 3)
    for version in (1, 1, 2, 3, 3):
        assert leader.sees(state(version, foreign="x")) is None
    assert leader.sees({"foreign": "x"}, live=False) is Verdict.DAMAGED


def test_what_was_there_before_our_writes_is_no_damage_while_the_watch_is_behind() -> None:
    assert Leader(1, 2).sees({}) is None
    adopted = state(7, epoch=2)
    leader = Leader(8, adopted=adopted)
    assert leader.sees(adopted) is None
    reread = Leader()
    reread.guard.adopted(state(9, epoch=2), live=True)
    assert reread.sees(state(7, epoch=2)) is None
    assert reread.sees(state(8, epoch=2)) is None
    assert reread.sees(state(9, epoch=2)) is None


def test_another_text_under_our_version_is_an_edit_and_named_once() -> None:
    leader = Leader(1, 2, shown=2)
    assert leader.sees(state(2, "57")) is Verdict.EDITED
    assert leader.finding is not None
    assert (leader.finding.found, leader.finding.ours) == ({"value": "57"}, {"value": "v2"})
    assert leader.finding.keeps_ours
    assert not leader.finding.known
    leader.sees(state(2, "57"))
    assert leader.finding.known
    leader.store(3)
    assert leader.sees(state(3)) is None
    leader.sees(state(3, "57"))
    assert not leader.finding.known
    assert leader.sees(without(state(3), "value")) is Verdict.EDITED
    leader.guard.sending((3, 4), state(4))
    assert leader.sees(state(4)) is None
    leader.guard.stored()
    leader.sees(without(state(4), "value"))
    assert not leader.finding.known


def test_an_edit_that_a_later_write_has_covered_is_still_told() -> None:
    leader = Leader(1, 2, 3, shown=1)
    assert leader.sees(state(2, "57")) is Verdict.OVERWRITTEN
    leader.guard.sending((3, 4), state(4))
    assert leader.sees(state(3, "58")) is Verdict.OVERWRITTEN
    leader.guard.given_up(in_doubt=False)
    assert leader.guard.held is not None
    assert leader.sees(leader.guard.held) is Verdict.EDITED


@pytest.mark.parametrize(
    "damage",
    [
        {},
        without(state(3), "state-version"),
        without(state(3), "state-epoch"),
        state(1),
        state(3, epoch=2),
        state(3) | {"state-version": "03"},
        state(3) | {"state-version": "three"},
        state(3) | {"state-epoch": "-3"},
        state(3) | {"state-version": "9" * 30},
    ],
)
def test_counters_that_are_gone_garbled_or_lower_are_damage(damage: dict[str, str]) -> None:
    leader = Leader(1, 2, 3, shown=3)
    assert leader.sees(damage) is Verdict.DAMAGED
    assert Leader(1, 2, 3).sees(damage, live=True) is Verdict.DAMAGED


def test_a_newer_version_under_our_epoch_is_taken_up_with_an_alarm() -> None:
    leader = Leader(1, 2, shown=2)
    assert leader.sees(state(9, "57")) is Verdict.ADVANCED
    assert leader.finding is not None
    assert leader.finding.takes_theirs


def test_a_newer_epoch_is_taken_up_and_looked_into() -> None:
    assert Leader(1, 2, shown=2).sees(state(2, epoch=9)) is Verdict.OUTRANKED


def test_an_earlier_leaders_last_write_is_ordinary() -> None:
    leader = Leader(adopted=state(5, epoch=2))
    assert leader.sees(state(6, epoch=2)) is Verdict.HANDED_OVER


def test_an_undone_deletion_is_ordinary_but_only_the_first_time() -> None:
    restored = state(9, "57", **{"state-restored": UID})
    leader = Leader(1, 2, shown=2)
    assert leader.sees(restored) is Verdict.HANDED_OVER
    leader.guard.adopted(restored)
    assert leader.sees(restored) is None
    assert leader.sees(restored | {"state-version": "10"}) is Verdict.ADVANCED
    assert Leader(1, shown=1).sees(restored | {"state-restored": "another"}) is Verdict.ADVANCED
    assert Leader(1, shown=1).sees(restored | {"state-epoch": "8"}) is Verdict.HANDED_OVER


def test_a_write_under_way_is_ours_before_it_is_answered_and_its_rival_waits_for_the_answer() -> None:
    leader = Leader(1, shown=1)
    leader.guard.sending((3, 2), state(2))
    assert leader.sees(state(2)) is None
    assert leader.sees(state(2, "57")) is None
    assert leader.guard.held == state(2, "57")
    leader.guard.stored()
    assert leader.sees(without(state(2), "state-version")) is Verdict.DAMAGED
    assert leader.sees(leader.guard.held or {}) is Verdict.EDITED
    assert leader.sees(state(2, "57"), live=True) is Verdict.EDITED


def test_a_write_given_up_without_an_answer_may_still_turn_up() -> None:
    leader = Leader(1, shown=1)
    leader.guard.sending((3, 2), state(2))
    leader.guard.given_up(in_doubt=True)
    assert leader.sees(state(2)) is Verdict.HANDED_OVER
    assert leader.sees(state(2, "57")) is Verdict.ADVANCED


def test_until_something_is_stored_under_the_fence_what_stands_there_counts() -> None:
    leader = Leader()
    assert leader.sees({}) is None
    assert leader.sees({"value": "5"}) is Verdict.HANDED_OVER
    leader.guard.adopted({"value": "5"})
    assert leader.sees({"value": "5"}) is None
    leader.guard.sending((3, 1), state(1))
    assert leader.sees({"value": "6"}) is None


def test_a_state_that_cannot_be_used_may_be_corrected_by_hand() -> None:
    broken = state(4, "many")
    leader = Leader()
    leader.guard.adopted(broken, usable=False)
    assert leader.sees(broken) is None
    for correction in (state(4, "7"), state(5, "7"), {}, state(3, "7")):
        assert leader.sees(correction) is Verdict.HANDED_OVER


def test_memory_stays_bounded_however_far_the_watch_is_behind() -> None:
    leader = Leader(*range(1, 200))
    assert len(leader.guard._kept) <= 8
    large = StateGuard()
    for version in range(1, 6):
        large.sending((3, version), state(version, "x" * 100_000))
        large.stored()
    assert len(large._kept) == 1
    for version in range(300):
        leader.guard.sending((3, version), state(version))
        leader.guard.given_up(in_doubt=True)
    assert len(leader.guard._doubted) <= 8
