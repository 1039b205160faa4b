"""Schemas with the form keywords."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import jsonschema
import pytest

from tests.schema.golden import shipped
from weirflow import Button, Field, Model, button
from weirflow.schema import REDACTED, defaults_of, redact, schema_of
from weirflow.spec import ComponentSpec


class Address(Model):
    street_name: str = Field("", title="Street")
    zip: str


class Form(Model):
    """A form with one of everything."""

    plain: int
    max_items: int = Field(5, ge=1, le=10, title="Max items", description="How many")
    note: str = Field("", format="textarea", tab="Text", align="right")
    script: str = Field("", format="code", language="python", configurable=True, shared=True)
    password: str = Field("", secret=True, readonly=True)
    kind: Literal["a", "b"] = Field("a", enum_titles=["First", "Second"])
    address: Address | None = None
    others: list[Address] = Field(default_factory=list)
    when: datetime | None = None
    anything: Any = None
    go: Button = button("Go", "Starts it")


def test_every_keyword_is_written() -> None:
    schema = schema_of(Form)
    fields = schema["properties"]
    assert schema["required"] == ["plain"]
    assert schema["additionalProperties"] is False
    assert fields["plain"] == {"type": "integer", "title": "Plain", "propertyOrder": 1}
    assert fields["maxItems"] == {
        "type": "integer",
        "title": "Max items",
        "description": "How many",
        "default": 5,
        "minimum": 1,
        "maximum": 10,
        "propertyOrder": 2,
    }
    assert fields["note"] | {"format": "textarea", "tab": "Text", "align": "right"} == fields["note"]
    assert fields["script"] | {"language": "python", "configurable": True, "shared": True} == fields["script"]
    assert fields["password"] | {"secret": True, "readonly": True} == fields["password"]
    assert fields["kind"] | {"enum": ["a", "b"], "enumTitles": ["First", "Second"]} == fields["kind"]
    assert fields["go"] == {
        "type": "boolean",
        "format": "button",
        "title": "Go",
        "description": "Starts it",
        "default": False,
        "propertyOrder": 11,
    }


def test_fields_are_numbered_at_every_level() -> None:
    schema = schema_of(Form)
    assert [field["propertyOrder"] for field in schema["properties"].values()] == list(range(1, 12))
    address = schema["$defs"]["Address"]["properties"]
    assert (address["streetName"]["propertyOrder"], address["zip"]["propertyOrder"]) == (1, 2)


def test_defaults_are_those_of_the_fields_that_have_one() -> None:
    defaults = defaults_of(Form)
    assert "plain" not in defaults
    assert (defaults["maxItems"], defaults["others"], defaults["go"]) == (5, [], False)
    assert defaults_of(Form(plain=1, max_items=3))["maxItems"] == 3


@pytest.mark.parametrize("spec", [spec for _, spec in shipped()], ids=lambda spec: spec.name)
def test_the_shipped_components_have_complete_schemas(spec: ComponentSpec) -> None:
    assert spec.description
    assert spec.title
    assert spec.category
    assert spec.icon
    assert spec.tags
    for port in spec.ports:
        jsonschema.Draft202012Validator.check_schema(port.schema)
        if port.name == "_settings":
            # What has no default is asked for by the form: nothing else may be missing or wrong.
            errors = jsonschema.Draft202012Validator(port.schema).iter_errors(port.configuration)
            assert [error.message for error in errors if error.validator != "required"] == []
        for field in port.schema.get("properties", {}).values():
            assert field.get("title") or "$ref" in field


def test_secrets_are_redacted_wherever_they_stand() -> None:
    class Account(Model):
        name: str = ""
        key: str = Field("", secret=True)

    class Accounts(Model):
        main: Account = Account()
        spare: Account | None = None
        listed: list[Account] = Field(default_factory=list)
        named: dict[str, Account] = Field(default_factory=dict)
        pin: str = Field("", format="password")

    account = {"name": "a", "key": "hunter2"}
    hidden = {"name": "a", "key": REDACTED}
    value = {"main": account, "spare": account, "listed": [account], "named": {"x": account}, "pin": "1", "more": 1}
    assert redact(schema_of(Accounts), value) == {
        "main": hidden,
        "spare": hidden,
        "listed": [hidden],
        "named": {"x": hidden},
        "pin": REDACTED,
        "more": 1,
    }
    assert value["main"] == account


def test_secrets_of_other_modules_schemas_are_redacted_too() -> None:
    schema = {
        "$defs": {"Key": {"type": "string", "writeOnly": True}},
        "properties": {
            "a": {"$ref": "#/$defs/Key"},
            "b": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/Key"}]},
            "c": {"type": "object", "additionalProperties": {"secret": True}},
            "d": {"$ref": "#/$defs/Missing"},
        },
    }
    value = {"a": "x", "b": "y", "c": {"k": "z"}, "d": "open"}
    assert redact(schema, value) == {"a": REDACTED, "b": REDACTED, "c": {"k": REDACTED}, "d": "open"}


def test_empty_secrets_can_be_told_from_set_ones() -> None:
    class Account(Model):
        key: str = Field("", secret=True)

    assert redact(schema_of(Account), {"key": ""}) == {"key": ""}
    assert redact(schema_of(Account), None) is None
