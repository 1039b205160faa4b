"""Keywords that contradict each other, or the field's type, are refused with the field and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from pydantic import create_model

from weirflow import Field, Model
from weirflow.schema import schema_of

AT_ONCE: list[tuple[Callable[[], Any], str]] = [
    (lambda: Field(5, ge=3, le=2), "no number is both above 3 and below 2"),
    (lambda: Field(5, gt=3, le=3), "no number"),
    (lambda: Field("", min_length=3, max_length=2), "no length is both"),
    (lambda: Field(1, multiple_of=0), "above 0"),
    (lambda: Field(1, step=-1), "above 0"),
    (lambda: Field("", pattern="("), "no pattern: unclosed group"),
    (lambda: Field("", pattern="(?=a)b"), "look-around"),
    (lambda: Field("", format="fancy"), "no such format; one of base64, button"),  # type: ignore[arg-type]
    (lambda: Field("", align="middle"), "left, center or right"),  # type: ignore[arg-type]
    (lambda: Field("", col_span=13), "12 columns"),
    (lambda: Field("", language="python", format="color"), "only code has a language"),
    (lambda: Field("", readonly=True, write_only=True), "leave one of them out"),
    (lambda: Field(None, id="message"), "shared or configurable"),
    (lambda: Field(None, id="my message", shared=True), "letters, digits"),
    (lambda: Field("x", secret=True), "for all to read"),
    (lambda: Field("x", write_only=True), "for all to read"),
    (lambda: Field("x", format="password"), "for all to read"),
    (lambda: Field("", secret=True, format="color"), "masked"),
    (lambda: Field("", required_when=("mode", "is", 1)), "(field, operator, value)"),  # type: ignore[arg-type]
    (lambda: Field("", required_when=("mode", "in", "cron")), "compares with a list"),
    (lambda: Field("", required_when=("a", "equal", 1), optional_when=("a", "equal", 2)), "one of them says it all"),
    (lambda: Field(required_when=("mode", "equal", 1)), "always required"),
    (lambda: Field("", required_when=("mode", "equal", 1), readonly=True), "nobody could fill it in"),
    (lambda: Field("", shown_when=("mode", "in", "cron")), "compares with a list"),
    (lambda: Field(shown_when=("mode", "equal", 1)), "asked for wherever it is"),
]


@pytest.mark.parametrize(("make", "says"), AT_ONCE, ids=[says for _, says in AT_ONCE])
def test_what_contradicts_itself_is_refused_at_once(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(TypeError) as refused:
        make()
    assert says in str(refused.value)
    assert str(refused.value).startswith("Field")


BY_TYPE: list[tuple[Any, Any, str]] = [
    (str, Field("", ge=1), "ge is for integer or number, the field is string"),
    (int, Field(0, min_length=1), "min_length is for array or object or string, the field is integer"),
    (list[str], Field([], pattern="a"), "pattern is for string, the field is array"),
    (int | str, Field(1, ge=1), "ge is for integer or number, the field is integer or string"),
    (Any, Field(None, ge=1), "ge is for integer or number, the field may be anything"),
    (int, Field(0, format="button"), "format 'button' is for boolean, the field is integer"),
    (bool, Field(False, format="textarea"), "format 'textarea' is for string"),
    (int | None, Field(None, format="color"), "format 'color' is for string, the field is integer"),
    (int, Field(0, step=1, language="python"), "language is for"),
    (str, Field("", step=1), "step is for integer or number"),
    (str, Field("", unique_items=True), "uniqueItems is for array"),
    (dict[str, int], Field({}, table_mode=True), "tableMode is for array, the field is object"),
    (int, Field(None, secret=True), "secret is for string, the field is integer"),
    (Literal["a", "b"], Field("a", enum_titles=["A"]), "2 values to choose from and 1 enum_titles"),
    (str, Field("", enum_titles=["A"]), "0 values to choose from"),
    (str, Field("", required_when=("nobody", "equal", 1)), "asks for 'nobody'; name another field"),
    (str, Field("", optional_when=("field", "equal", 1)), "asks for 'field'; name another field"),
    (str, Field("", shown_when=("nobody", "equal", 1)), "asks for 'nobody'; name another field"),
    (int, Field(5, ge=10), "its default 5 is below 10"),
    (int, Field(5, lt=5), "its default 5 is not below 5"),
    (str, Field("abc", max_length=2), "its default 'abc' is longer than 2"),
    (list[int], Field([], min_length=1), "its default [] is shorter than 1"),
    (int, Field("a"), "its default 'a' is string, not integer"),
    (Literal["a", "b"], Field("c"), "its default 'c' is none of 'a', 'b'"),
    (Literal["a", "b"] | None, Field("c"), "its default 'c' is none of"),
]


@pytest.mark.parametrize(("annotation", "field", "says"), BY_TYPE, ids=[says for _, _, says in BY_TYPE])
@pytest.mark.parametrize("nested", [False, True], ids=["at the top", "in a list"])
def test_what_contradicts_the_type_is_refused_with_the_model(
    annotation: Any, field: Any, says: str, nested: bool
) -> None:
    model = create_model("Shape", __base__=Model, field=(annotation, field))
    if nested:
        model = create_model("Outer", __base__=Model, inner=(list[model], ...))  # type: ignore[valid-type]
    with pytest.raises(TypeError) as refused:
        schema_of(model)
    assert says in str(refused.value)
    assert "Shape.field: " in str(refused.value)


def test_a_number_of_either_kind_keeps_its_limits() -> None:
    class Either(Model):
        size: int | float = Field(1, ge=1, lt=10)

    field = schema_of(Either)["properties"]["size"]
    assert (field["minimum"], field["exclusiveMaximum"]) == (1, 10)


@pytest.mark.parametrize(
    ("items", "allowed"),
    [([1, 2], True), ([1, 1.0], False), ([1, True], True), ([{"a": 1}, {"a": 2}], True), ([[1], [1]], False)],
)
def test_unique_items_are_asked_for_when_the_message_comes(items: list[Any], allowed: bool) -> None:
    class Listed(Model):
        items: list[Any] = Field(unique_items=True)

    if allowed:
        assert Listed(items=items).items == items
    else:
        with pytest.raises(ValueError, match="each item may stand once"):
            Listed(items=items)
