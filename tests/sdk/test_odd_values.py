"""What a component sends, returns, raises or shows that it should not: an error that says where, or plain JSON."""

import asyncio
import json
from typing import Any

import pytest

from tests.runtime.careless import ERRORS, ODD, Raises, Returns, Sends, Shows
from weirflow import JSON, Component, Context, Fail, Problem, Result, input
from weirflow.json_bytes import json_bytes
from weirflow.testing import run, settle

#: What becomes of each odd value: the JSON that it stands for, or the code of the error.
BECOMES: dict[str, Any] = {
    "object": Problem("not_json", "object"),
    "bytes": Problem("not_json", "utf-8"),
    "cycle": Problem("not_json", "Circular"),
    "deep": Problem("not_json", "depth"),
    "generator": Problem("not_json", "while it was read"),
    "function": Problem("not_json", "function"),
    "nan": {"n": None, "i": [None]},
    "bare nan": None,
    "set": {"s": [1]},
    "date": "2026-01-01T00:00:00Z",
    "enum": "red",
    "number enum": 3,
    "keys": {"1": "a", "None": "b"},
    "tuple keys": {"1,2": "a"},
    "huge number": 10**5000,
    "surrogate": "\ud800",
    "surrogate inside": Problem("not_json", "surrogates"),
}


@pytest.mark.parametrize("name", BECOMES)
@pytest.mark.parametrize("component", [Sends, Returns])
async def test_what_is_sent_or_returned_is_json_or_an_error_that_says_what_to_use(
    component: type[Component], name: str
) -> None:
    wanted = BECOMES[name]
    async with run(component) as node:
        node.replies["out"] = lambda value: value
        if not isinstance(wanted, Problem):
            answer = await node.send("in", {"what": name})
            assert (answer, type(answer)) == (wanted, type(wanted))
            return
        with pytest.raises(Fail, match=wanted.message) as refused:
            await node.send("in", {"what": name})
        problem = refused.value.problem
        assert (problem.code, problem.node) == (wanted.code, "node")
        assert problem.port == ("out" if component is Sends else "in")
        assert "use texts, numbers, lists, dicts and Models" in problem.message
        assert await node.send("in", {"what": "set"}) == {"s": [1]}


async def test_another_model_than_the_outputs_is_no_message_of_it() -> None:
    async with run(Sends) as node:
        with pytest.raises(Fail, match="sends Point, not Other") as refused:
            await node.send("in", {"what": "wrong model"})
        assert (refused.value.code, refused.value.problem.port) == ("wrong_model", "point")


@pytest.mark.parametrize("name", ERRORS)
async def test_whatever_is_raised_is_a_failure_of_the_node(name: str) -> None:
    async with run(Raises) as node:
        with pytest.raises(Fail) as failed:
            await node.send("in", {"what": name})
        problem = failed.value.problem
        assert problem.node == "node"
        assert json.loads(json_bytes(problem.to_json()))["message"] == problem.message
        assert 0 < len(problem.message) <= 2_000


async def test_who_is_called_off_from_outside_is_called_off() -> None:
    class Waits(Component):
        """Waits."""

        @input("in")
        async def take(self, ctx: Context, message: Any) -> Result:
            await asyncio.Event().wait()

    async with run(Waits) as node:
        sending = asyncio.create_task(node.send("in"))
        await settle()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_a_task_of_its_own_that_exits_ends_alone() -> None:
    class Exits(Component):
        """Starts a task that exits."""

        @input("in")
        async def take(self, ctx: Context, message: Any) -> Result:
            self.spawn(self._exit(), "exits")

        async def _exit(self) -> None:
            raise SystemExit(3)

    async with run(Exits) as node:
        await node.send("in")
        await settle()
        assert "SystemExit: 3" in node.problems[-1].message


@pytest.mark.parametrize("name", ODD)
async def test_a_panel_and_a_line_are_shown_or_say_why_not(name: str) -> None:
    async with run(Shows) as node:
        await node.send("in", {"what": name})
        shown: JSON = [node.control, node.live]
        assert isinstance(shown[1], str)
        if shown[1]:
            assert not node.problems
        else:
            assert "live() gives a" in node.problems[-1].message or "Shows" in node.problems[-1].message


async def test_a_look_that_goes_well_does_not_hide_that_the_other_fails() -> None:
    async with run(Shows) as node:
        await node.send("in", {"what": "object"})
        assert (node.control, node.live) == ({}, "")
        assert [problem.code for problem in node.problems] == ["not_json", "component_error"]
        await node.send("in", {"what": "date"})
        assert node.control == {"text": "2026-01-01T00:00:00Z"}
        assert node.live == ""
        assert "live() gives a datetime" in node.problems[-1].message
        await node.send("in", {"what": "surrogate"})
        assert node.live
        assert not node.problems


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2**70, b"1180591620717411303424"),
        ([2**70, float("inf")], b"[1180591620717411303424,null]"),
        (["\ud800", 2**70], b'["?",1180591620717411303424]'),
        (["\ud800", float("nan")], b'["?",null]'),
        ({"a": {1}}, b'{"a":"{1}"}'),
    ],
)
def test_what_the_fast_writer_refuses_is_written(value: Any, written: bytes) -> None:
    assert json_bytes(value) == written


@pytest.mark.parametrize("name", ["cycle", "deep"])
def test_what_cannot_be_written_says_so(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        json_bytes([2**70, ODD[name]()])
