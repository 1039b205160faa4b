"""Where a component's code failed: its own calls only, without secrets, of a size that can be told."""

import logging

import pytest

from weirflow.errors import ComponentError, Fail
from weirflow.runtime.redaction import redact_text
from weirflow.runtime.stacks import STACK_CHARACTERS, LastStack, stack_text


def broken(password: str) -> None:
    raise RuntimeError(f"login with password={password} was refused")


def caught(text: str = "hunter2") -> Fail:
    try:
        try:
            broken(text)
        except RuntimeError as error:
            raise ComponentError("crash failed") from error
    except Fail as fail:
        return fail


def test_the_stack_names_the_components_calls_and_no_secret() -> None:
    text = stack_text(caught())
    assert "in broken" in text
    assert 'File "tests/runtime/test_stacks.py"' in text, "as the package names it, not as the machine does"
    assert "RuntimeError: login with password=<redacted> was refused" in text
    assert "hunter2" not in text


def test_who_serves_by_hand_is_told_where_it_failed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "weirflow.runtime.stacks")
    LastStack().take(caught())
    assert "in broken" in caplog.text
    assert "hunter2" not in caplog.text


def test_what_the_runtime_refused_has_no_stack() -> None:
    assert stack_text(Fail("no such port")) == ""
    last = LastStack()
    last.take(Fail("no such port"))
    assert last.to_json() is None


def test_a_cause_that_is_the_error_itself_ends() -> None:
    fail = caught("x")
    fail.__cause__ = fail
    assert isinstance(stack_text(fail), str)


def test_a_stack_is_kept_as_text_and_cut() -> None:
    last = LastStack()
    last.take(caught("x " + "long " * STACK_CHARACTERS))
    told = last.to_json()
    assert told is not None
    assert told["code"] == "component_error"
    assert 0 < len(told["text"]) <= STACK_CHARACTERS
    last.take(caught("y"))
    assert last.to_json() is told, "of a row of failures not each is written down"


@pytest.mark.parametrize(
    "secret", ["k3y" * STACK_CHARACTERS, '"' + "k3y " * STACK_CHARACTERS + '"'], ids=["bare", "quoted"]
)
def test_a_secret_that_is_longer_than_a_stack_is_not_cut_from_its_name(secret: str) -> None:
    text = stack_text(caught(secret))
    assert "in broken" in text
    assert "password=<redacted>" in text
    assert "k3y" not in text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abc.def", "Authorization: <redacted>"),
        ('{"api_key": "s3cr3t", "n": 1}', '{"api_key": <redacted>, "n": 1}'),
        ("access_token=abc&x=1", "access_token=<redacted>"),
        ("password='one two', n='3'", "password=<redacted>, n='3'"),
        ("the token was not valid", "the token was not valid"),
    ],
)
def test_running_text_loses_what_stands_behind_a_telling_name(text: str, clean: str) -> None:
    assert redact_text(text) == clean
