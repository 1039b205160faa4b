"""Several hosts say something of one node: what is shown of it."""

from typing import Any

from editor.live.host_values import HostValues


def said(count: int = 0, **more: Any) -> dict[str, Any]:
    return {"state": "idle", "error": None, "stats": {"count": count, "errors": 0, "rate": 0, "in_flight": 0}, **more}


def test_counts_and_rates_are_of_all_together_and_the_slowest_percentile_is_shown() -> None:
    values = HostValues()
    for host, p95 in (("a", 3.0), ("b", 90.0)):
        stats = {"count": 5, "errors": 1, "rate": 1.25, "in_flight": 1, "p95_ms": p95}
        values.take(host, "1", {**said(), "stats": stats})
    assert values.merged_node("a")["stats"] == {"count": 10, "errors": 2, "rate": 2.5, "in_flight": 2, "p95_ms": 90.0}


def test_value_and_control_are_the_leaders_and_follow_it() -> None:
    values = HostValues()
    values.take("a", "1", said(value="7", control={"value": 7}))
    values.take("b", "1", said(value="6", control={"value": 6}))
    assert values.merged_node("a")["control"] == {"value": 7}
    assert values.merged_node("b")["value"] == "6"


def test_a_leader_without_a_link_leaves_the_value_to_the_status() -> None:
    values = HostValues()
    values.take("b", "1", said(4, value="6", control={"value": 6}))
    merged = values.merged_node("a")
    assert not merged.keys() & {"value", "control", "state", "error"}
    assert merged["stats"]["count"] == 4


def test_a_value_of_each_hosts_own_is_of_the_one_that_changed_last() -> None:
    values = HostValues()
    values.take("a", "1", said(1, value="a", control={"count": 1}, local=True))
    values.take("b", "1", said(2, value="b", control={"count": 2}, local=True))
    values.take("c", "1", said(value="", control={"count": 0}, local=True))
    assert values.merged_node("a")["value"] == "b", "the one that handled most, before any has changed"
    values.take("c", "1", {"value": "c", "control": {"count": 1}})
    merged = values.merged_node("a")
    assert (merged["value"], merged["control"]) == ("c", {"count": 1})
    assert "local" not in merged


def test_where_nobody_leads_the_first_of_the_others_is_shown() -> None:
    values = HostValues()
    for host in ("c", "b"):
        values.take(host, "1", said(value=host))
    assert values.merged_node("")["value"] == "b"


def test_the_leaders_problem_comes_first_and_anothers_carries_its_name() -> None:
    values = HostValues()
    values.take("a", "1", said(error={"code": "x", "message": "no"}))
    values.take("b", "1", said(error={"code": "port_busy", "message": "port 8080 is taken"}))
    assert values.merged_node("a")["error"] == {"code": "x", "message": "no"}
    values.take("a", "1", {"error": None})
    merged = values.merged_node("a")
    assert merged["error"] == {"code": "port_busy", "message": "On b: port 8080 is taken"}
    assert merged["state"] == "error"


def test_a_node_works_while_any_host_works_on_it() -> None:
    values = HostValues()
    values.take("a", "1", said())
    values.take("b", "1", {**said(), "stats": {"count": 0, "errors": 0, "rate": 0, "in_flight": 1}})
    assert values.merged_node("a")["state"] == "working"


def test_the_newest_message_of_each_port_is_shown_whatever_the_hosts_clocks_say() -> None:
    values = HostValues()
    # The first host's clock stands at 1,000,000 ms, the second's at 50 ms.
    values.take("a", "1", said(last={"in": "old", "out": "only"}, last_at={"in": 990_000, "out": 990_000}), 1_000_000)
    values.take("b", "1", said(last={"in": "new"}, last_at={"in": 49}), 50)
    assert values.merged_node("a")["last"] == {"in": "new", "out": "only"}
    assert "last_at" not in values.merged_node("a")


def test_a_host_that_is_silent_leaves_its_count_and_nothing_else() -> None:
    values = HostValues()
    values.take("a", "1", said(5, value="a"))
    stats = {"count": 7, "errors": 2, "rate": 3, "in_flight": 2, "p95_ms": 9}
    values.take("b", "1", {**said(), "stats": stats, "last": {"in": 1}, "last_at": {"in": 1}})
    assert values.silence("b")
    assert not values.silence("b")
    merged = values.merged_node("a")
    assert merged["stats"] == {"count": 12, "errors": 2, "rate": 0, "in_flight": 0}
    assert "last" not in merged
    assert values.merged_node("b").keys() & {"value", "control"} == set()


def test_a_count_does_not_fall_when_its_host_starts_again_or_goes() -> None:
    values = HostValues()
    values.take("a", "1", said(5))
    values.take("b", "1", said(7))
    values.take("b", "2", said(1))
    assert values.merged_node("a")["stats"]["count"] == 13
    values.take("b", "2", said(0))
    assert values.merged_node("a")["stats"]["count"] == 13
    assert values.drop("b")
    assert values.merged_node("a")["stats"]["count"] == 13
    assert not values.drop("b")


def test_a_link_that_came_back_counts_nothing_twice() -> None:
    values = HostValues()
    values.take("a", "1", said(5))
    values.silence("a")
    values.take("a", "1", said(6))
    assert values.merged_node("a")["stats"]["count"] == 6


def test_nothing_is_shown_when_nobody_says_anything() -> None:
    values = HostValues()
    values.take("a", "1", said(5))
    values.silence("a")
    assert values.merged_node("a") == {}
    assert values.merged_edge("a") == {}


def test_an_edge_adds_up_and_shows_the_leaders_error_first() -> None:
    values = HostValues()
    values.take("a", "1", {"count": 3, "rate": 0.5, "errors": 0, "in_flight": 2, "p99_ms": 8.0, "error": None})
    values.take("b", "1", {"count": 4, "rate": 1.0, "errors": 1, "error": {"code": "x", "message": "no"}})
    values.take("b", "1", {"count": 5})
    assert values.merged_edge("a") == {
        "count": 8,
        "rate": 1.5,
        "in_flight": 2,
        "p99_ms": 8.0,
        "errors": 1,
        "error": {"code": "x", "message": "On b: no"},
    }
    assert values.merged_edge("b")["error"] == {"code": "x", "message": "no"}
    assert "error" in values.merged_edge("c"), "nobody else can say it while the leader is silent"
