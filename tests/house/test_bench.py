"""The rows that script/bench writes."""

import pytest

from bench.nodered import find_node_red, how_to_get_node_red
from bench.row import Row, percentile, table


def test_a_row_without_a_peer_has_no_ratio() -> None:
    assert Row("a_ms", 5.0, "ms", "lower").as_json() == {
        "name": "a_ms",
        "value": 5.0,
        "unit": "ms",
        "better": "lower",
        "peer": None,
        "peer_value": None,
        "ratio": None,
    }


def test_the_ratio_is_ours_over_theirs() -> None:
    assert Row("a_ms", 5.0, "ms", "lower", "Peer", 20.0).ratio == 0.25


@pytest.mark.parametrize(
    ("value", "better", "verdict"),
    [(10, "lower", "aim"), (40, "lower", "must"), (60, "lower", "missed"), (60, "higher", "aim")],
)
def test_the_table_says_which_goal_is_met(value: float, better: str, verdict: str) -> None:
    must, aim = (50.0, 25.0) if better == "lower" else (25.0, 50.0)
    row = Row("a", value, "ms", better, must=must, aim=aim)  # type: ignore[arg-type]
    assert verdict in table([row]).splitlines()[1].split()


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = list(range(1, 21))
    assert percentile(values, 0.95) == 19
    assert percentile(values, 0.99) == 20
    assert percentile([7.0], 0.5) == 7.0


def test_without_the_peer_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIRFLOW_PEERS", raising=False)
    assert find_node_red() is None
    assert "npm install" in how_to_get_node_red()
