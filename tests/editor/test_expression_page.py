"""The page on which expressions are tried out, to which every example of docs/expressions.md leads."""

import html
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from editor import expression_page, turns
from tests.docs.blocks import ROOT, blocks_of

PAGE = ROOT / "docs/expressions.md"


@pytest.fixture
def at(owner: User) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(owner)
    return client


def words(answer: Any) -> str:
    """What stands on the page, without its markup."""
    return html.unescape(re.sub(r"<[^>]*>", "", answer.content.decode()))


def test_an_example_that_is_opened_has_its_result(at: Client) -> None:
    answer = at.get("/expressions/", {"text": "$.items[*].name"})
    assert answer.status_code == 200
    assert '["pen", "ink"]' in words(answer)


def test_its_message_is_that_of_the_reference() -> None:
    first = next(block for block in blocks_of(PAGE) if block.kind == "json")
    assert first.text.strip() == expression_page.MESSAGE


def test_both_may_be_changed(at: Client) -> None:
    answer = at.post("/expressions/", {"text": "upper($.a) + '!'", "message": '{"a":\r\n "x"}'})
    assert '"X!"' in words(answer)


def test_numbers_come_out_as_a_flow_has_them(at: Client) -> None:
    answer = at.post("/expressions/", {"text": "$", "message": '{"a": 10.0, "b": 9007199254740993}'})
    assert '{"a": 10.0, "b": 9007199254740993}' in words(answer)


def test_a_mapping_gives_what_it_can_and_says_what_it_cannot(at: Client) -> None:
    mapping = {"to": "{{ $.user.name }}", "age": "{{ 1 / 0 }}"}
    shown = words(at.get("/expressions/", {"text": json.dumps(mapping)}))
    assert "/age: division by zero" in shown
    assert '{"to": "Ann", "age": null}' in shown
    assert '"Hello Ann"' in words(at.get("/expressions/", {"text": "Hello {{ $.user.name }}"}))


@pytest.mark.parametrize("odd", [r'"\ud800"', "NaN", "1e999"])
def test_what_no_message_can_hold_is_taken_for_a_text(at: Client, odd: str) -> None:
    answer = at.get("/expressions/", {"text": f'[{odd}, "{{{{ $.user.age }}}}"]'})
    assert answer.status_code == 200
    assert json.dumps(f'[{odd}, "31"]') in words(answer)


def test_an_error_is_shown_at_its_place(at: Client) -> None:
    answer = at.get("/expressions/", {"text": "1 + uper($.user.name)"})
    assert "did you mean upper?" in words(answer)
    assert "1 + <mark>u</mark>per" in answer.content.decode()
    assert "<mark> </mark>" in at.get("/expressions/", {"text": "1 <<"}).content.decode()


def test_a_message_that_is_no_json_says_where(at: Client) -> None:
    answer = at.post("/expressions/", {"text": "$", "message": '{\n"a" 1}'})
    assert answer.status_code == 422
    assert "no JSON at line 2, column" in words(answer)


@pytest.mark.parametrize(
    ("text", "message"),
    [("1" * 20_001, "1"), ("$", '"' + "a" * 256 * 1024 + '"'), ("$", "[" * 200 + "]" * 200)],
)
def test_what_is_too_large_is_refused(at: Client, text: str, message: str) -> None:
    assert at.post("/expressions/", {"text": text, "message": message}).status_code == 413


def test_what_is_typed_stays_text_on_the_page(at: Client) -> None:
    answer = at.get("/expressions/", {"text": "'<script>alert(1)</script>'"})
    assert "<script>alert" not in answer.content.decode()


def test_what_costs_too_much_ends_by_itself(at: Client) -> None:
    message = json.dumps(["a" * 100] * 2000)
    text = "{{ length($[?(length($[?(@ =~ 'b')]) == 1)]) }}"
    assert "costs more than 1,000,000 steps" in words(at.post("/expressions/", {"text": text, "message": message}))


def test_people_who_try_too_much_at_once_are_asked_to_wait(at: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns.trials, "each", 0)
    answer = at.get("/expressions/")
    assert answer.status_code == 429
    assert "wait for the answers" in words(answer)
