"""What several hosts tell of runs becomes one list, and one run with all its hops."""

from typing import Any

from editor.live.runs import merged_list, merged_run


def span(name: str, start: float, duration: float | None, parent: str | None = None) -> dict[str, Any]:
    told = {"id": name, "parent": parent, "node": f"node-{name}", "port": "in", "edge": None, "error": None}
    return {**told, "bytes": None, "start_ms": start, "duration_ms": duration}


def run(trace: str, at: int, *spans: dict[str, Any], entered: bool = True, state: str = "ok") -> dict[str, Any]:
    told = {"trace": trace, "flow": "f", "entered": entered, "node": "n", "port": "out", "at": at, "duration_ms": 10.0}
    return {**told, "state": state, "error": None, "spans": list(spans), "cut": False}


def test_a_list_is_by_time_and_a_run_on_two_hosts_is_one_as_its_entry_tells_it() -> None:
    here, there = run("a", 1000, span("1", 0, 9), state="error"), run("a", 500, span("2", 0, 4), entered=False)
    runs = merged_list([("h2", there), ("h1", here), ("h1", run("b", 2000, span("3", 0, 1)))], 10)
    assert [(one["trace"], one["state"], one["spans"], one["hosts"]) for one in runs] == [
        ("b", "ok", 1, ["h1"]),
        ("a", "error", 2, ["h1", "h2"]),
    ]
    assert merged_list([("h1", run(str(n), n)) for n in range(5)], 2)[1]["trace"] == "3"


def test_what_another_host_recorded_stands_in_the_middle_of_the_wait_whatever_its_clock_says() -> None:
    here = run("a", 1000, span("1", 0, 10), span("2", 2, 6, "1"))
    there = run("a", 99_000_000, span("3", 0, 2, "2"), span("4", 1, 1, "3"), entered=False)
    third = run("a", 5, span("5", 0.5, 1, "4"), entered=False)
    whole = merged_run([("h3", third), ("h2", there), ("h1", here)])
    assert [(one["id"], one["host"], one["start_ms"]) for one in whole["spans"]] == [
        ("1", "h1", 0),
        ("2", "h1", 2),
        ("3", "h2", 4),
        ("4", "h2", 5),
        ("5", "h3", 5),
    ]
    assert whole["whole"]


def test_a_run_whose_beginning_is_forgotten_is_told_as_far_as_it_is_known() -> None:
    whole = merged_run([("h2", run("a", 7, span("3", 0, None, "gone"), entered=False, state="running"))])
    assert (whole["whole"], whole["state"], len(whole["spans"])) == (False, "running", 1)
