"""A node's alerts: a few, for a while, the same on every host."""

import time
from typing import Any

import pytest

from tests.waiting import eventually
from weirflow import Field, Model
from weirflow.runtime import alerts
from weirflow.runtime.alert_texts import message_of, shown, values_of
from weirflow.runtime.alerts import NodeAlerts
from weirflow.runtime.state_guard import Finding, Verdict
from weirflow.state_codec import codec_of


class Clerk:
    """The alerts of one node on one host."""

    def __init__(self, by: str) -> None:
        self.changes = 0
        self.alerts = NodeAlerts(by, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def sees(self, *others: "Clerk") -> None:
        merged: dict[str, Any] = {}
        for other in others:
            merged |= other.alerts.wanted()
        self.alerts.observe(merged)


async def test_the_same_is_counted_and_only_a_few_are_kept() -> None:
    clerk = Clerk("a")
    for _ in range(3):
        clerk.alerts.add("foreign", "somebody wrote", {"value": {"lost": "1", "stands": "2"}})
    assert [alert["count"] for alert in clerk.alerts.wanted().values()] == [3]
    assert clerk.alerts.problem is not None
    assert clerk.alerts.problem.code == "state_foreign"
    assert clerk.alerts.problem.message.endswith("(3 times)")
    for number in range(20):
        clerk.alerts.add("foreign", f"message {number}", {"value": {"lost": str(number), "stands": "2"}})
    assert len(clerk.alerts.wanted()) == 8
    assert clerk.alerts.problem.message == "message 19"


async def test_an_alert_of_a_host_that_leads_no_more_is_shown_by_all() -> None:
    deposed, leader = Clerk("deposed"), Clerk("leader")
    deposed.alerts.add("refused", "a change was refused", {})
    leader.sees(deposed)
    assert leader.alerts.problem == deposed.alerts.problem
    assert leader.alerts.wanted() == deposed.alerts.wanted()
    assert not leader.alerts.unsent()
    assert deposed.alerts.unsent()
    deposed.sees(leader)
    assert not deposed.alerts.unsent()
    changes = leader.changes
    leader.sees(deposed)
    assert leader.changes == changes


async def test_after_its_time_an_alert_goes_everywhere_and_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "SHOWN_SECONDS", 0.2)
    clerk, other = Clerk("a"), Clerk("b")
    clerk.alerts.add("foreign", "somebody wrote", {})
    stored = clerk.alerts.wanted()
    clerk.alerts.observe(stored)
    await eventually(lambda: clerk.alerts.problem is None)
    assert clerk.alerts.ended() == list(stored)
    clerk.alerts.observe(stored)
    assert clerk.alerts.problem is None
    other.alerts.observe(stored)
    assert other.alerts.problem is None
    assert other.alerts.ended() == list(stored)
    clerk.alerts.observe({})
    assert clerk.alerts.ended() == []


async def test_a_clock_far_off_shows_an_alert_for_no_longer_than_its_time() -> None:
    clerk, ahead = Clerk("a"), Clerk("b")
    ahead.alerts.add("foreign", "somebody wrote", {})
    [(name, alert)] = ahead.alerts.wanted().items()
    clerk.alerts.observe({name: alert | {"at": int(time.time() * 1000) + 86_400_000}})
    [kept] = clerk.alerts._alerts.values()
    assert kept.until <= time.monotonic() + alerts.SHOWN_SECONDS


@pytest.mark.parametrize("garbage", [None, [], "x", {"a": None}, {"a": {"kind": 1}}, {"a": {"values": 7, "at": "now"}}])
async def test_what_others_write_there_disturbs_nothing(garbage: Any) -> None:
    clerk = Clerk("a")
    clerk.alerts.observe(garbage)
    assert clerk.alerts.problem is None
    assert clerk.alerts.ended() == (list(garbage) if isinstance(garbage, dict) else [])


class Login(Model):
    user: str = ""
    pin: int | None = Field(None, secret=True)


class Vault(Model):
    key: str = Field("", secret=True)
    login: Login = Login()
    note: str = ""


def test_an_alert_shows_no_secret_and_no_novel() -> None:
    codec = codec_of(Vault)
    assert shown("key", "sealed:k1:abc", codec) == "<redacted>"
    assert shown("login", '{"user": "ann", "pin": 1234}', codec) == '{"user":"ann","pin":"<redacted>"}'
    assert shown("db-password", "hunter2", None) == "<redacted>"
    assert shown("note", "x" * 500, codec) == "x" * 79 + "…"
    assert shown("note", None, codec) is None


def test_an_alert_names_what_is_lost_and_what_stands() -> None:
    finding = Finding(Verdict.EDITED, {"value": "57", "state-ops": "[1]"}, {"value": "43", "state-ops": "[]"})
    values = values_of(finding, {}, None, None)
    assert values == {"value": {"lost": "57", "stands": "43"}}
    text = message_of(finding, {}, values, refused=False, node="p.m.c-1")
    assert "value “57” is lost, “43” stands" in text
    taken = Finding(Verdict.ADVANCED, {"value": "57"}, {"value": "43"})
    assert values_of(taken, {}, None, None) == {"value": {"lost": "43", "stands": "57"}}
    refused = values_of(taken, {"value": "57"}, {"value": "44"}, None)
    assert refused == {"value": {"lost": "44", "stands": "57"}}
    many = Finding(Verdict.EDITED, {f"k{n}": "1" for n in range(50)}, {f"k{n}": "2" for n in range(50)})
    assert len(values_of(many, {}, None, None)) == 4
