"""What becomes of presses, whatever the watch shows of them."""

import pytest

from editor.cluster import signals
from editor.cluster.signals import Press, Presses, keep_signal
from editor.controls import logged_names
from weirflow.kube.resources import Object


class Ends:
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.presses = Presses(self._end)

    def _end(self, signal: str, press: Press) -> None:
        self.seen.append((signal, press.state))


def signal(error: str = "") -> Object:
    obj = {"metadata": {"name": "s", "resourceVersion": "1"}, "spec": {"node": "p.m.c-n"}}
    return keep_signal({**obj, "status": {"error": error}} if error else obj)


def test_a_press_that_disappears_was_handled_and_ends_once() -> None:
    ends = Ends()
    ends.presses.begin("s", "p.m.c-n")
    ends.presses.seen("s", signal(), None)
    ends.presses.seen("s", None, signal())
    ends.presses.gone("s")
    assert ends.seen == [("s", "done")]


def test_a_failed_press_stays_failed_when_it_is_swept() -> None:
    ends = Ends()
    ends.presses.seen("s", signal("no such button"), None)
    ends.presses.seen("s", None, signal("no such button"))
    assert ends.seen == [("s", "failed")]
    press = ends.presses.get("s")
    assert press is not None
    assert press.problem == {"code": "control_failed", "message": "no such button"}


def test_a_press_that_may_not_have_arrived_is_never_taken_for_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "QUIET_SECONDS", -1.0)
    ends = Ends()
    ends.presses.begin("s", "p.m.c-n")
    assert ends.presses.quiet() == []
    ends.presses.sent("s")
    assert ends.presses.quiet() == ["s"]


def test_old_presses_and_too_many_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = Ends()
    for number in range(signals.MAX_REMEMBERED + 5):
        ends.presses.begin(str(number), "p.m.c-n")
    assert ends.presses.get("4") is None
    assert ends.presses.get("5") is not None
    monkeypatch.setattr(signals, "REMEMBER_SECONDS", -1.0)
    ends.presses.quiet()
    assert ends.presses.get("5") is None


def test_the_log_names_what_was_pressed_and_holds_neither_values_nor_lines_of_others() -> None:
    assert logged_names({"reset": True, "password": "hunter2"}) == "password, reset"
    assert logged_names({"x\nweb | forged": 1, "y" * 65: 1, "": 1}) == "no values"
