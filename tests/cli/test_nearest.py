"""What is suggested for a name that is not there."""

import pytest

from weirflow.cli.nearest import nearest, perhaps

COMPONENTS = {
    "code": ("Code", "python"),
    "cron": ("Cron", "schedule", "timer"),
    "http_client": ("HTTP Client", "request"),
    "http_server": ("HTTP Server", "web"),
    "inject": ("Inject", "button"),
    "router": ("Router", "switch"),
    "stateful_counter": ("Stateful Counter", "count"),
}


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("conter", ["stateful_counter", "router"]),
        ("Countr", ["stateful_counter"]),
        ("statefull_counter", ["stateful_counter"]),
        ("stateful", ["stateful_counter"]),
        ("htp", ["http_client", "http_server"]),
        ("http-sever", ["http_server"]),
        ("servre", ["http_server"]),
        ("rotuer", ["router"]),
        ("sched", ["cron"]),
        ("the router", ["router"]),
        ("zzzz", []),
        ("x", []),
        ("weather", []),
        ("", []),
    ],
)
def test_the_nearest_is_named_first_and_nothing_that_is_far(wanted: str, meant: list[str]) -> None:
    assert nearest(wanted, COMPONENTS) == meant


def test_what_is_only_begun_is_meant_but_not_before_one_slip() -> None:
    assert nearest("sett", ["_settings", "set", "get"]) == ["set", "_settings"]
    assert nearest("comp", ["run", "completion", "components"]) == ["completion", "components"]


def test_at_most_three_are_named() -> None:
    assert nearest("flow x", [f"flow {number}" for number in range(9)]) == ["flow 0", "flow 1", "flow 2"]
    assert perhaps(["a", "b", "c"]) == "; did you mean a, b or c?"
    assert perhaps([]) == ""


def test_other_scripts_are_letters_too() -> None:
    assert nearest("zähler", ["Zähler", "Wecker"]) == ["Zähler"]
    assert nearest("счетчк", ["счетчик"]) == ["счетчик"]
