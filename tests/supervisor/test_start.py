import json
import re
from collections.abc import Callable

import pytest

from tests.supervisor.conftest import RunningProduct

Start = Callable[..., RunningProduct]


def test_it_says_ready_once_all_children_are(start: Start) -> None:
    product = start(web=["note:http://link"], cluster=[])
    assert product.wait_for("all ready") == "all ready http://link"


def test_it_waits_for_the_slowest(start: Start) -> None:
    product = start(web=["never-ready"], cluster=["print:serving"])
    product.wait_for("serving")
    product.wait_for("hello from web")
    product.process.terminate()
    assert product.end() == 0
    assert not any("all ready" in line for line in product.lines)


def test_each_line_of_a_child_stands_behind_time_and_name(start: Start) -> None:
    product = start(web=["print:one"], cluster=["print:two"])
    assert re.fullmatch(r"\d\d:\d\d:\d\d web     \| one", product.wait_for("one"))
    assert re.fullmatch(r"\d\d:\d\d:\d\d cluster \| two", product.wait_for("two"))


def test_lines_are_objects_where_json_is_asked_for(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIRFLOW_LOG_FORMAT", "json")
    product = start(web=['print:{"level": "info", "message": "of its own"}'], cluster=['print:plain "words"'])
    own, plain = json.loads(product.wait_for("of its own")), json.loads(product.wait_for("plain"))
    assert own == {"process": "web", "level": "info", "message": "of its own"}
    assert (plain["process"], plain["message"]) == ("cluster", 'plain "words"')
    product.wait_for("all ready")
    product.process.terminate()
    assert product.end() == 0
    assert json.loads(product.wait_for("stopped"))["process"] == "up"


def test_output_to_a_pipe_is_not_coloured(start: Start) -> None:
    product = start(web=[])
    product.wait_for("all ready")
    assert not any("\x1b" in line for line in product.lines)


def test_a_very_long_line_is_cut_and_not_lost(start: Start) -> None:
    product = start(web=["print:" + "x" * 40_000])
    product.wait_for("all ready")
    assert sum(line.count("x") for line in product.lines) == 40_000
