import pytest

from weirflow.errors import JSON
from weirflow.secret_references import Reference, places_of, reference_in, references_in, replaced


@pytest.mark.parametrize("text", ["[[secret:slack/url]]", "[[secret:db-main.eu/pass_word]]", "[[secret:a b/c]]"])
def test_a_text_that_is_nothing_else_is_a_reference(text: str) -> None:
    found = reference_in(text)
    assert found is not None
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    ["", "hunter2", "[[secret:slack]]", "[[secret:/url]]", "[[secret:a/b/c]]", "Bearer [[secret:a/b]]",
     "[[secret:a/b]]\n", " [[secret:a/b]]", "{{ '[[secret:a/b]]' }}", None, 7, ["[[secret:a/b]]"]],
)  # fmt: skip
def test_everything_else_is_none(text: JSON) -> None:
    assert reference_in(text) is None


def test_they_are_found_wherever_they_stand_but_not_among_names() -> None:
    value: JSON = {"a": {"b/c": ["x", "[[secret:one/k]]"]}, "[[secret:no/k]]": 1, "d": "[[secret:two/k]]"}
    assert references_in(value) == {Reference("one", "k"), Reference("two", "k")}
    assert dict(places_of(value)) == {"/a/b~1c/1": Reference("one", "k"), "/d": Reference("two", "k")}


def test_each_is_replaced_and_what_holds_none_is_shared() -> None:
    value: dict[str, JSON] = {"plain": {"text": "t"}, "list": ["[[secret:one/k]]", 2]}
    new = replaced(value, lambda reference: reference.key.upper())
    assert new == {"plain": {"text": "t"}, "list": ["K", 2]}
    assert isinstance(new, dict)
    assert new["plain"] is value["plain"]
    assert value["list"] == ["[[secret:one/k]]", 2]
    assert replaced(value["plain"], str) is value["plain"]


def test_depth_without_end_is_left_alone() -> None:
    value: JSON = "[[secret:one/k]]"
    for _ in range(5000):
        value = [value]
    assert references_in(value) == set()
    assert replaced(value, str) is value
