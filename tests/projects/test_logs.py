"""Log lines as JSON: whose request they belong to, and no secrets in them."""

import json
import logging
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import logs
from projects.asking import asked, came_by
from weirflow.log_format import LogFormatError
from weirflow.runtime.logs import set_up_logging

SECRET = "hunter2-planted"


def line(message: str, *arguments: Any, error: BaseException | None = None) -> dict[str, Any]:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("editor.controls", logging.INFO, "", 1, message, arguments, info)
    text = logs.RequestLines().format(record)
    assert "\n" not in text
    told: dict[str, Any] = json.loads(text)
    return told


def test_a_line_says_which_request_and_person_it_is_about() -> None:
    with asked("request-0001", "192.0.2.7"):
        assert "person" not in line("before anybody is known")
        came_by("session", 7)
        told = line("user %s pressed", 7)
    assert (told["request_id"], told["person"], told["message"]) == ("request-0001", 7, "user 7 pressed")
    assert (told["level"], told["logger"]) == ("info", "editor.controls")
    assert "request_id" not in line("afterwards")


def test_secrets_in_messages_and_stacks_are_hidden() -> None:
    try:
        raise ValueError(f"password={SECRET}")
    except ValueError as error:
        told = line('"api_key": "%s"', SECRET, error=error)
    assert "ValueError" in told["stack"]
    assert SECRET not in json.dumps(told)


def test_lines_are_for_people_unless_json_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIRFLOW_LOG_FORMAT", raising=False)
    assert "format" in logs.formatter()
    monkeypatch.setenv("WEIRFLOW_LOG_FORMAT", "json")
    assert logs.formatter() == {"()": logs.RequestLines}
    monkeypatch.setenv("WEIRFLOW_LOG_FORMAT", "yaml")
    with pytest.raises(ImproperlyConfigured, match="neither text nor json"):
        logs.formatter()
    with pytest.raises(LogFormatError):
        set_up_logging("INFO")


def test_a_module_host_writes_them_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("WEIRFLOW_LOG_FORMAT", "json")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logging("INFO")
        logging.getLogger("weirflow.x").info("token=%s", SECRET, extra={"node": "counter-1"})
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    told = json.loads(capsys.readouterr().err)
    assert (told["node"], told["logger"]) == ("counter-1", "weirflow.x")
    assert SECRET not in told["message"]
