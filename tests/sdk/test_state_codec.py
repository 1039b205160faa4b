"""State as readable texts."""

from __future__ import annotations

import enum
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirflow import Field, Model, StateError, stored
from weirflow.state_codec import ListTexts, codec_of
from weirflow.state_edit import field_schema, is_guarded


class Colour(enum.Enum):
    RED = "red"


class Item(Model, frozen=True):
    name: str


class Everything(Model, version=1):
    count: int = 0
    ratio: float = 0.0
    on: bool = False
    text: str = ""
    when: datetime | None = None
    every: timedelta = timedelta(0)
    colour: Colour = Colour.RED
    maybe: int | None = None
    items: list[Item] = Field(default_factory=list)
    names: list[str] = stored("short-names", default_factory=list, max_bytes=100)
    table: dict[str, list[int]] = Field(default_factory=dict)
    anything: Any = None


def _seal(plain: bytes, field: str) -> str:
    return plain.hex()


def _unseal(text: str, field: str) -> bytes:
    return bytes.fromhex(text)


def test_simple_values_are_stored_as_they_are_read() -> None:
    state = Everything(
        count=-3,
        ratio=0.5,
        on=True,
        text='not "quoted"',
        when=datetime(2026, 1, 2, tzinfo=UTC),
        maybe=None,
        items=[Item(name="ü")],
        table={"a": [1]},
        anything={"x": None},
    )
    texts = codec_of(Everything).encode(state, ListTexts(), _seal)
    assert texts == {
        "count": "-3",
        "ratio": "0.5",
        "on": "true",
        "text": 'not "quoted"',
        "when": "2026-01-02T00:00:00Z",
        "every": "PT0S",
        "colour": "red",
        "maybe": "",
        "items": '[{"name":"ü"}]',
        "short-names": "[]",
        "table": '{"a":[1]}',
        "anything": '{"x":null}',
    }
    assert codec_of(Everything).decode(texts, _unseal) == state


_STATES = st.builds(
    Everything,
    count=st.integers(),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
    on=st.booleans(),
    text=st.text(),
    when=st.none() | st.datetimes(timezones=st.just(UTC)),
    every=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=1000)),
    maybe=st.none() | st.integers(),
    items=st.lists(st.builds(Item, name=st.text())),
    table=st.dictionaries(st.text(), st.lists(st.integers())),
)


@given(_STATES)
def test_what_is_stored_comes_back(state: Everything) -> None:
    codec = codec_of(Everything)
    assert codec.decode(codec.encode(state, ListTexts(), _seal), _unseal) == state


@given(_STATES)
def test_a_draft_can_be_changed_without_the_original_noticing(state: Everything) -> None:
    before = state.model_dump_json()
    draft = codec_of(Everything).draft(state)
    assert draft == state
    draft.items.append(Item(name="new"))  # type: ignore[attr-defined]
    draft.table.setdefault("a", []).append(9)  # type: ignore[attr-defined]
    draft.count += 1  # type: ignore[attr-defined]
    assert state.model_dump_json() == before


_STEP = st.one_of(
    st.tuples(st.just("append"), st.text(max_size=30)),
    st.tuples(st.just("drop first"), st.integers(0, 3)),
    st.tuples(st.just("drop last"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["reverse", "clear", "discard draft"]), st.none()),
)


@given(st.lists(_STEP, max_size=40))
def test_lists_remembered_between_changes_are_stored_as_if_they_were_not(steps: list[tuple[str, Any]]) -> None:
    codec, remembered = codec_of(Everything), ListTexts()
    items: list[Item] = []
    names: list[str] = []
    for kind, value in steps:
        state = Everything(items=items.copy(), names=names.copy())
        if kind in ("append", "discard draft"):
            state.items.append(Item(name=value or "lost"))
            state.names.append(value or "lost")
        elif kind == "drop first":
            del state.items[:value], state.names[:value]
        elif kind == "drop last" and value:
            del state.items[-value:], state.names[-value:]
        elif kind == "reverse":
            state.items.reverse()
        elif kind == "clear":
            state.items.clear()
        texts = codec.encode(state, remembered, _seal)
        assert json.loads(texts["items"]) == [{"name": item.name} for item in state.items]
        assert json.loads(texts["short-names"]) == state.names
        assert len(texts["short-names"].encode()) <= 100
        if kind != "discard draft":
            items, names = state.items, state.names


def test_a_list_keeps_its_newest_items() -> None:
    state = Everything(names=[f"name-{n}" for n in range(50)])
    texts = codec_of(Everything).encode(state, ListTexts(), _seal)
    assert json.loads(texts["short-names"])[-1] == "name-49"
    assert 80 < len(texts["short-names"]) <= 100
    assert json.loads(texts["short-names"]) == state.names


def test_an_item_larger_than_the_limit_leaves_an_empty_list() -> None:
    state = Everything(names=["x" * 200])
    assert codec_of(Everything).encode(state, ListTexts(), _seal)["short-names"] == "[]"


@pytest.mark.parametrize(("key", "text"), [("count", "1.5"), ("when", "soon"), ("items", "[{}]"), ("table", "{")])
def test_a_text_that_does_not_fit_names_its_key(key: str, text: str) -> None:
    with pytest.raises(StateError, match=key):
        codec_of(Everything).decode({key: text}, _unseal)


def _reserved() -> type[Model]:
    class Wrong(Model):
        mine: int = stored("state-version", 0)

    return Wrong


def _same_key() -> type[Model]:
    class Wrong(Model):
        a: int = stored("key", 0)
        b: int = stored("key", 0)

    return Wrong


def _optional_text() -> type[Model]:
    class Wrong(Model):
        a: str | None = None

    return Wrong


@pytest.mark.parametrize(
    ("make", "words"),
    [(_reserved, "belongs to the runtime"), (_same_key, "under one key"), (_optional_text, "default ''")],
)
def test_states_that_cannot_be_stored_are_refused(make: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        codec_of(make())


class Login(Model):
    name: str = ""
    password: str = Field("", secret=True)


class Group(Model):
    logins: list[Login] = Field(default_factory=list)


class Plant(Model, version=1):
    speed: int = 0
    steps: list[Item] = Field(default_factory=list)
    logins: list[Login] = Field(default_factory=list)
    group: Group = Field(default_factory=Group)
    door: str = Field("", secret=True)


def test_a_field_is_guarded_by_a_secret_inside_it_and_by_no_other_fields() -> None:
    codec = codec_of(Plant)
    guarded = [field.name for field in codec.fields if is_guarded(codec, field)]
    assert guarded == ["logins", "group", "door"]
    schemas = {field.name: field_schema(codec, field) for field in codec.fields}
    assert "$defs" not in schemas["speed"]
    assert list(schemas["steps"]["$defs"]) == ["Item"]
    assert sorted(schemas["group"]["$defs"]) == ["Group", "Login"]
