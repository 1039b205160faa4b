from typing import Any

import pytest

from weirflow import Field, Model
from weirflow.json_bytes import json_bytes
from weirflow.runtime.redaction import REDACTED, redact, redact_message
from weirflow.schema import schema_of


@pytest.mark.parametrize(
    "name", ["password", "dbPassword", "client_secret", "api_key", "apiKey", "accessToken", "Authorization", "cookie"]
)
def test_names_that_tell_are_redacted_wherever_they_stand(name: str) -> None:
    assert redact({"a": [{name: "hunter2", "user": "ann"}]}) == {"a": [{name: REDACTED, "user": "ann"}]}


def test_the_schema_can_mark_any_field_and_empty_ones_stay_visible() -> None:
    schema = {
        "properties": {"plain": {"$ref": "#/$defs/P"}},
        "$defs": {
            "P": {"properties": {"pin": {"secret": True}, "code": {"format": "password"}, "none": {"secret": True}}}
        },
    }
    value = {"plain": {"pin": 1234, "code": "x", "none": "", "tokens": 5}}
    assert redact(value, schema) == {"plain": {"pin": REDACTED, "code": REDACTED, "none": "", "tokens": 5}}


def test_a_large_message_is_cut_to_its_beginning() -> None:
    shown = redact_message({"text": "é" * 10_000}, 4096)
    assert shown["truncated"] is True
    assert shown["bytes"] > 20_000
    assert len(shown["beginning"].encode()) <= 4096


@pytest.mark.parametrize(
    ("schema", "value", "shown"),
    [
        ({"properties": {"pin": {"writeOnly": True}}}, {"pin": 7}, {"pin": REDACTED}),
        ({"items": {"secret": True}}, ["a", ""], [REDACTED, ""]),
        ({"items": {"properties": {"pin": {"secret": True}}}}, [{"pin": 1, "n": 2}], [{"pin": REDACTED, "n": 2}]),
        ({"prefixItems": [{}, {"format": "password"}]}, ["a", "b"], ["a", REDACTED]),
        ({"additionalProperties": {"secret": True}}, {"any": {"thing": 1}}, {"any": REDACTED}),
        ({"anyOf": [{}, {"properties": {"pin": {"secret": True}}}]}, {"pin": [1]}, {"pin": REDACTED}),
        ({"properties": {"pin": {"anyOf": [{"secret": True}, {"type": "null"}]}}}, {"pin": "x"}, {"pin": REDACTED}),
    ],
)
def test_what_the_schema_keeps_secret_is_so_in_every_form(schema: dict, value: object, shown: object) -> None:
    assert redact_message(value, 4096, schema) == shown


def test_a_schema_that_leads_back_to_itself_ends() -> None:
    schema = {
        "$ref": "#/$defs/T",
        "$defs": {"T": {"properties": {"next": {"$ref": "#/$defs/T"}, "pin": {"secret": 1}}}},
    }
    assert redact({"next": {"next": {"pin": 1}}}, schema) == {"next": {"next": {"pin": REDACTED}}}


def test_texts_below_a_telling_name_are_redacted_in_lists_and_objects_too() -> None:
    headers = {"Authorization": ["Bearer abc", ""], "cookie": {"session": "abc", "n": 1}, "accept": ["*/*"]}
    shown = {"Authorization": [REDACTED, ""], "cookie": {"session": REDACTED, "n": 1}, "accept": ["*/*"]}
    assert redact({"headers": headers}) == {"headers": shown}


def test_no_more_of_a_large_message_is_looked_through_than_is_shown() -> None:
    looked_at = 0

    class Counted(dict[str, object]):
        def items(self) -> Any:
            nonlocal looked_at
            looked_at += 1
            return super().items()

    message = {"password": "hunter2", "rows": [Counted(id=n, text="x" * 20) for n in range(10_000)]}
    shown = redact_message(message, 4096)
    assert looked_at < 300
    assert shown["bytes"] == len(json_bytes(message))
    assert shown["beginning"].startswith('{"password":"<redacted>","rows":[{"id":0,')
    assert 3900 < len(shown["beginning"]) <= 4096
    assert redact_message({"rows": [[], {}, None, 1, "", {"a": "b"}] * 100, "token": "t" * 9000}, 4096) == {
        "rows": [[], {}, None, 1, "", {"a": "b"}] * 100,
        "token": REDACTED,
    }


class _Held(Model):
    pin_code: str = Field(secret=True)
    user_name: str
    owned: str = Field(alias="mine", secret=True)


class _Open(Model):
    user_name: str


def test_a_secret_is_one_under_each_name_that_a_message_may_give_its_field() -> None:
    _Held.model_validate(message := {"pin_code": "1234", "user_name": "ann", "owned": "5678"})
    assert redact(message, schema_of(_Held)) == {"pin_code": REDACTED, "user_name": "ann", "owned": REDACTED}
    assert redact({"pinCod": "1234", "mine": "5678"}, schema_of(_Held)) == {"pinCod": REDACTED, "mine": REDACTED}
    assert redact({"pinCod": "1234"}, schema_of(_Open)) == {"pinCod": "1234"}


def test_a_list_where_an_object_belongs_hides_the_objects_secrets() -> None:
    schema = {"properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/R"}}, "one": {"$ref": "#/$defs/R"}}}
    schema["$defs"] = {"R": {"type": "object", "properties": {"pin": {"secret": True}, "user": {}}}}
    row = {"pin": "1234", "user": "ann"}
    clean = {"pin": REDACTED, "user": "ann"}
    assert redact({"rows": [[row], [[row]]], "one": [row]}, schema) == {"rows": [[clean], [[clean]]], "one": [clean]}
