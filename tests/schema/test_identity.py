"""A definition is known by what it is, not by what its class is called."""

from __future__ import annotations

from enum import Enum
from typing import Any, Generic, TypeVar

import pytest
from typing_extensions import TypeAliasType

from weirflow import Component, Context, Field, Model, Port, input, output
from weirflow.schema import schema_of
from weirflow.spec import spec_of

HERE = __name__
T = TypeVar("T")


class Mails:
    class Context(Model):
        to: str


class Calls:
    class Context(Model):
        url: str


class Twins:
    class Context(Model):
        to: str


class Tree(Model):
    value: int = 0
    below: list[Tree] = Field(default_factory=list)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Page(Model, Generic[T]):
    items: list[T] = Field(default_factory=list)


Text = TypeAliasType("Text", str)


def identities(schema: dict[str, Any]) -> dict[str, str]:
    return {key: definition["x-id"] for key, definition in schema["$defs"].items()}


def test_two_classes_of_one_name_are_two_definitions() -> None:
    class Both(Model):
        mail: Mails.Context
        call: Calls.Context

    assert identities(schema_of(Both)) == {
        "Mails.Context": f"{HERE}.Mails.Context",
        "Calls.Context": f"{HERE}.Calls.Context",
    }


def test_two_classes_that_even_look_alike_are_two_definitions() -> None:
    class Both(Model):
        mail: Mails.Context
        twin: Twins.Context

    assert identities(schema_of(Both)) == {
        "Mails.Context": f"{HERE}.Mails.Context",
        "Twins.Context": f"{HERE}.Twins.Context",
    }


def test_the_key_is_the_bare_name_where_that_says_enough() -> None:
    class One(Model):
        mail: Mails.Context

    assert identities(schema_of(One)) == {"Context": f"{HERE}.Mails.Context"}


def test_whatever_has_a_name_has_an_identity() -> None:
    class Named(Model):
        tree: Tree
        colour: Colour
        page: Page[Tree]
        text: Text

    found = identities(schema_of(Named))
    assert found == {
        "Tree": f"{HERE}.Tree",
        "Colour": f"{HERE}.Colour",
        "Page_Tree": f"{HERE}.Page[{HERE}.Tree]",
        "Text": f"{HERE}.Text",
    }
    assert schema_of(Named)["x-id"].endswith("<locals>.Named")


def test_a_generic_shape_is_another_for_each_of_its_arguments() -> None:
    class Both(Model):
        mails: Page[Mails.Context]
        calls: Page[Calls.Context]
        numbers: Page[list[int]]

    assert set(identities(schema_of(Both)).values()) == {
        f"{HERE}.Mails.Context",
        f"{HERE}.Calls.Context",
        f"{HERE}.Page[{HERE}.Mails.Context]",
        f"{HERE}.Page[{HERE}.Calls.Context]",
        f"{HERE}.Page[list[int]]",
    }


def test_a_shape_that_contains_itself_refers_to_itself() -> None:
    schema = schema_of(Tree)
    assert schema["$ref"] == "#/$defs/Tree"
    assert schema["$defs"]["Tree"]["properties"]["below"]["items"] == {"$ref": "#/$defs/Tree"}


def test_an_authors_id_counts_in_the_package() -> None:
    class Moved(Model, id="moved"):
        pass

    class Derived(Moved):
        pass

    class Both(Model):
        base: Moved
        derived: Derived

    # As whoever derives from a shape adds to it, that is another one.
    assert identities(schema_of(Both)) == {
        "moved": "tests.schema#moved",
        "Derived": f"{HERE}.test_an_authors_id_counts_in_the_package.<locals>.Derived",
    }


def test_two_types_of_one_identity_are_refused() -> None:
    def made() -> type[Model]:
        class Same(Model):
            pass

        return Same

    class Both(Model):
        one: made()  # type: ignore[valid-type]
        two: made()  # type: ignore[valid-type]

    with pytest.raises(TypeError, match=r"two different types are both .*Same; rename one, or tell them apart"):
        schema_of(Both)


def test_open_fields_that_people_may_define_have_definitions_of_their_own() -> None:
    class Inner(Model):
        context: Any = Field(None, configurable=True)

    class Outer(Model):
        context: dict[str, Any] | None = Field(None, configurable=True, title="Context", description="What")
        inner: Inner = Field(default_factory=Inner)
        count: int = Field(0, configurable=True)

    schema = schema_of(Outer)
    assert schema["properties"]["context"] == {
        "$ref": "#/$defs/OuterContext",
        "configurable": True,
        "default": None,
        "title": "Context",
        "description": "What",
        "propertyOrder": 1,
    }
    where = "test_open_fields_that_people_may_define_have_definitions_of_their_own.<locals>"
    assert identities(schema) == {
        "Context": f"{HERE}.{where}.Inner.context",
        "Inner": f"{HERE}.{where}.Inner",
        "OuterContext": f"{HERE}.{where}.Outer.context",
    }
    assert schema["$defs"]["OuterContext"]["configurable"] is True
    # A number that a wire fills needs no definition: nobody can say more about it.
    assert "$ref" not in schema["properties"]["count"]


def test_a_model_that_a_field_lets_people_define_says_so_itself() -> None:
    class Outer(Model):
        mail: Mails.Context | None = Field(None, configurable=True, shared=True)

    definition = schema_of(Outer)["$defs"]["Context"]
    assert (definition["configurable"], definition["shared"]) == (True, True)
    # The model's own schema is not touched by who uses it.
    assert "shared" not in schema_of(Mails.Context)


def test_an_id_on_a_model_that_has_an_identity_is_refused() -> None:
    class Outer(Model):
        mail: Mails.Context = Field(configurable=True, id="mail")

    with pytest.raises(TypeError, match=r"Outer\.mail: its type has an identity already"):
        schema_of(Outer)


def test_an_id_means_one_type() -> None:
    class Outer(Model):
        one: Any = Field(None, shared=True, id="message")
        two: str = Field("", shared=True, id="message")

    with pytest.raises(TypeError, match=r"another type than the other field with the id tests\.schema#message"):
        schema_of(Outer)


class Passing(Component):
    """Passes on."""

    class Settings(Model):
        message: dict[str, Tree] = Field(default_factory=dict, shared=True, id="message")

    out = output("out", definition="message")
    other = output("other", definition="unheard-of")

    @input("in", definition="message")
    async def take(self, ctx: Context, message: Any) -> None: ...


def test_a_port_can_be_all_of_a_definition() -> None:
    spec = spec_of(Passing)
    schemas = {port.name: port.schema for port in spec.ports}
    declared = schemas["_settings"]["$defs"]
    assert set(declared) == {"Message", "Tree"}
    assert schemas["out"] == schemas["in"] == {"$defs": declared, "$ref": "#/$defs/Message"}
    assert schemas["other"] == {
        "$defs": {"UnheardOf": {"x-id": "tests.schema#unheard-of", "title": "Unheard of", "configurable": True}},
        "$ref": "#/$defs/UnheardOf",
    }


def test_a_port_has_a_model_or_a_definition() -> None:
    class Confused(Component):
        """Confused."""

        def ports(self) -> list[Port]:
            return [*super().ports(), Port.output("out", Tree, definition="message")]

    with pytest.raises(TypeError, match="the port out has a model and a definition"):
        spec_of(Confused)


def test_schemas_are_the_same_in_every_process() -> None:
    class Both(Model):
        twin: Twins.Context
        mail: Mails.Context
        context: Any = Field(None, configurable=True)
        call: Calls.Context

    first = schema_of(Both)
    schema_of.cache_clear()
    assert list(schema_of(Both)["$defs"]) == list(first["$defs"])
    assert schema_of(Both) == first
