"""The form."""

from __future__ import annotations

from typing import Any

import pytest

from modules.common.form import ANSWER_LIMIT, Form
from weirflow import JSON, Fail, MessageRejected
from weirflow.testing import Node, run

LEAVE = [
    {"name": "person", "title": "Who", "required": True},
    {"name": "days", "kind": "whole_number", "required": True},
    {"name": "share", "kind": "number"},
    {"name": "paid", "kind": "yes_no"},
    {"name": "reason", "kind": "choice", "choices": ["holiday", "move"]},
    {"name": "from_day", "kind": "date"},
    {"name": "mail", "kind": "email"},
    {"name": "remark", "kind": "long_text", "default": "none"},
]


def _panel(node: Node) -> dict[str, Any]:
    port = next(port for port in node.instance.ports() if port.name == "_control")
    return {name: field for name, field in port.schema["properties"].items() if not field.get("readonly")}


async def test_its_panel_has_the_fields_of_its_settings() -> None:
    async with run(Form, settings={"fields": LEAVE}) as node:
        panel = _panel(node)
        assert list(panel) == ["submit", *(field["name"] for field in LEAVE)]
        assert panel["person"]["title"] == "Who"
        assert (panel["from_day"]["title"], panel["from_day"]["format"]) == ("From day", "date")
        assert panel["remark"]["default"] == "none"
        await node.set(fields=[{"name": "only"}])
        assert list(_panel(node)) == ["submit", "only"]


async def test_its_output_says_what_is_in_the_message() -> None:
    async with run(Form, settings={"fields": LEAVE}) as node:
        [out] = [port for port in node.instance.ports() if port.name == "out"]
        assert list(out.schema["properties"]) == [field["name"] for field in LEAVE]


async def test_what_is_filled_in_is_sent_and_the_rest_is_empty() -> None:
    async with run(Form, settings={"fields": LEAVE}) as node:
        node.replies["out"] = lambda message: {"granted": message["days"]}
        after = await node.press("submit", person="Ada", days=3, paid=True, reason="move")
        assert node.emitted[0].port == "out"
        assert node.emitted[0].value == {
            "person": "Ada",
            "days": 3,
            "share": None,
            "paid": True,
            "reason": "move",
            "from_day": "",
            "mail": "",
            "remark": "none",
        }
        assert after == {"submitted": 1, "answer": '{"granted": 3}', "submit": False}
        assert node.live == "1 submitted"


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"person": "Ada", "days": "many"}, "/days"),
        ({"person": "Ada", "days": 1.5}, "/days"),
        ({"person": "Ada", "days": 1, "reason": "sloth"}, "/reason"),
        ({"person": "Ada", "days": 1, "from_day": "tomorrow"}, "/from_day"),
        ({"person": "Ada", "days": 1, "mail": "ada"}, "/mail"),
        ({"person": "", "days": 1}, "/person"),
        ({"person": "Ada", "days": 1, "nothing": 1}, "/nothing"),
    ],
)
async def test_what_does_not_fit_is_refused_by_field(fields: Any, at: str) -> None:
    async with run(Form, settings={"fields": LEAVE}) as node:
        with pytest.raises(MessageRejected) as refused:
            await node.press("submit", **fields)
        assert (refused.value.problem.field, node.emitted) == (at, [])


@pytest.mark.parametrize(("fields", "at"), [({"days": 1}, "/person"), ({"person": "Ada"}, "/days")])
async def test_a_required_field_that_is_empty_is_named(fields: Any, at: str) -> None:
    async with run(Form, settings={"fields": LEAVE}) as node:
        with pytest.raises(Fail, match="is required; fill it in") as refused:
            await node.press("submit", **fields)
        assert (refused.value.code, refused.value.problem.field, node.emitted) == ("incomplete", at, [])


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [{"name": "a"}, {"name": "a"}],
        [{"name": "submit"}],
        [{"name": "not ok"}],
        [{"name": "a", "kind": "choice"}],
        [{"name": "a", "kind": "choice", "choices": ["x"], "default": "y"}],
        [{"name": "a", "kind": "whole_number", "default": "many"}],
        [{"name": "a", "kind": "smell"}],
    ],
)
async def test_unfit_fields_are_refused_and_those_before_stay(fields: JSON) -> None:
    async with run(Form) as node:
        problem = await node.set(fields=fields)
        assert problem is not None
        assert (problem.field or "").startswith("/fields")
        await node.press("submit", text="still there")
        assert node.emitted[0].value == {"text": "still there"}


async def test_a_failure_is_told_to_who_pressed_and_a_long_answer_is_cut() -> None:
    def fail(message: JSON) -> JSON:
        raise Fail("no room", code="no_room")

    async with run(Form) as node:
        node.replies["out"] = fail
        with pytest.raises(Fail, match="no room"):
            await node.press("submit", text="a")
        node.replies["out"] = lambda message: "x" * 100_000
        after = await node.press("submit", text="a")
        assert len(after["answer"]) == ANSWER_LIMIT + 1


async def test_a_press_repeated_after_a_crash_is_the_same_operation() -> None:
    async with run(Form) as node:
        await node.press("submit", operation_id="press", text="a")
        again = await node.restart()
        await again.press("submit", operation_id="press", text="a")
        assert node.emitted == again.emitted
