"""A state model as texts under readable keys of `status.metadata`, and back.

Numbers, booleans, texts and times stand there as they are read (`counter-value: "42"`), everything else as JSON. A
list is bounded in bytes: its oldest items leave first. A field marked `secret` is sealed before it is written.
"""

from __future__ import annotations

import copy
import datetime
import enum
import json
import re
import types
from collections.abc import Callable
from itertools import islice
from operator import is_
from typing import Annotated, Any, Union, cast, get_args, get_origin
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter
from pydantic_core import to_json as dump_json

from weirflow.errors import JSON, StateError
from weirflow.fields import Model

EPOCH_KEY = "state-epoch"
VERSION_KEY = "state-version"
OPERATIONS_KEY = "state-ops"
SCHEMA_KEY = "state-schema"
RUNTIME_KEYS = (VERSION_KEY, EPOCH_KEY, OPERATIONS_KEY, SCHEMA_KEY)
#: Key that the web process writes when it puts back the state of a node whose deletion was undone: the node's uid.
RESTORED_KEY = "state-restored"

#: The text of a secret field, and as it was before keys had ids. No other text looks like it by chance.
_SEALED = re.compile(r"sealed:[^:\s]+:[A-Za-z0-9_=-]{38,}|gAAAA[A-Za-z0-9_=-]{90,}")

#: Bytes that one list of the state may take, unless its field says otherwise.
LIST_LIMIT = 64 * 1024

#: How far a counter of the runtime may rise between two looks at it: years of changes.
MAX_LEAP = 2**40

_READABLE = (str, int, float, bool, datetime.datetime, datetime.date, datetime.timedelta, enum.Enum)

_codecs: WeakKeyDictionary[type[Model], StateCodec] = WeakKeyDictionary()

#: The field's key comes second: what is sealed for one field opens in no other.
Seal = Callable[[bytes, str], str]
Unseal = Callable[[str, str], bytes]


def size_of(text: str) -> int:
    """Bytes that `text` takes in the resource."""
    return len(text) if text.isascii() else len(text.encode())


class StateField:
    """One field of a state model: its key, and how its value becomes text."""

    def __init__(self, owner: type[Model], name: str) -> None:
        info = owner.model_fields[name]
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        self.name = name
        self.alias = info.alias or name
        self.key = str(extra.get("storedKey") or name.replace("_", "-"))
        self.secret = bool(extra.get("secret"))
        self.limit = int(str(extra.get("maxBytes") or LIST_LIMIT))
        self.adapter: TypeAdapter[Any] = TypeAdapter(cast("Any", info.annotation))
        #: With the limits that its author gave it, for values that people write.
        self._bounded: TypeAdapter[Any] | None = None
        self._limits: Any = (info.annotation, *(info.metadata or (None,)))
        self.kind, self.optional = _without_none(info.annotation)
        self.readable = isinstance(self.kind, type) and issubclass(self.kind, _READABLE)
        self.is_list = get_origin(self.kind) is list
        self.shares_items = _shared(self.kind)
        items = get_args(self.kind)
        self.item_adapter: TypeAdapter[Any] | None = TypeAdapter(items[0]) if self.is_list and items else None
        if self.key in RUNTIME_KEYS:
            raise TypeError(f"{owner.__qualname__}.{name}: the key {self.key} belongs to the runtime; choose another")
        if self.optional and self.kind is str:
            raise TypeError(
                f"{owner.__qualname__}.{name}: use str with the default '', a missing text cannot be stored"
            )

    def copied(self, value: Any) -> Any:
        """`value` for a working copy: what cannot be changed in place is shared."""
        if self.shares_items:
            return value.copy() if isinstance(value, list | dict | set) else value
        return copy.deepcopy(value)

    def plain(self, value: Any) -> JSON:
        """`value` as JSON."""
        return self.adapter.dump_python(value, mode="json", by_alias=True)

    def strict(self, value: JSON) -> Any:
        """The value that JSON says, of exactly the field's type and within its limits. Raises Pydantic's
        `ValidationError`."""
        if self._bounded is None:
            limited: Any = Annotated[self._limits]
            self._bounded = TypeAdapter(limited)
        return self._bounded.validate_json(dump_json(value), strict=True)

    def text(self, value: Any) -> str:
        """`value` as it is stored, not sealed yet."""
        if value is None and self.readable:
            return ""
        plain = self.adapter.dump_python(value, mode="json", by_alias=True, warnings="error")
        if self.readable and isinstance(plain, str):
            return plain
        return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)

    def value(self, text: str) -> Any:
        """The value behind a stored text. Raises `ValueError` (Pydantic's) if it does not fit."""
        if self.readable:
            return None if self.optional and text == "" else self.adapter.validate_python(text)
        return self.adapter.validate_json(text)


class StateCodec:
    """Reads and writes one state model. Stateless, but for the caches that `ListTexts` keeps per node."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.schema_version = model.__state_version__
        self.fields = [StateField(model, name) for name in model.model_fields]
        self.keys: tuple[str, ...] = (*(field.key for field in self.fields), *RUNTIME_KEYS)
        self.secret_keys = tuple(field.key for field in self.fields if field.secret)
        if len(set(self.keys)) != len(self.keys):
            raise TypeError(f"{model.__qualname__} stores two fields under one key")

    def draft(self, state: Model) -> Model:
        """A copy of `state` that may be changed without the original noticing."""
        values = {field.name: field.copied(getattr(state, field.name)) for field in self.fields}
        return self.model.model_construct(**values)

    def encode(self, state: Model, lists: ListTexts, seal: Seal) -> dict[str, str]:
        """The texts of `state` by key. Lists in `state` that are over their limit lose their oldest items."""
        texts: dict[str, str] = {}
        for field in self.fields:
            value = getattr(state, field.name)
            if field.is_list and field.item_adapter is not None and field.shares_items and not field.secret:
                texts[field.key] = lists.text(field, value)
            else:
                text = field.text(value)
                texts[field.key] = seal(text.encode(), field.key) if field.secret else text
        return texts

    def is_stored(self, metadata: dict[str, str]) -> bool:
        """Whether `metadata` holds a state at all: any of its keys, or of the runtime's."""
        return any(key in metadata for key in self.keys)

    def decode(self, metadata: dict[str, str], unseal: Unseal) -> Model:
        """The state in `metadata`; a missing key is the field's default. Raises `StateError` naming the key."""
        stored = _number(metadata, SCHEMA_KEY, 1)
        if stored > self.schema_version:
            raise StateError(
                f"the stored state has version {stored}, this module knows {self.schema_version}: it was written by "
                "a newer module; install that version again, or delete the node's state keys to start over"
            )
        if stored < self.schema_version:
            return self._migrated(stored, metadata, unseal)
        values: dict[str, Any] = {}
        for field in self.fields:
            if (text := metadata.get(field.key)) is not None:
                try:
                    values[field.name] = field.value(unseal(text, field.key).decode() if field.secret else text)
                except ValueError as error:
                    raise StateError(
                        f"the stored state cannot be read: status.metadata[{field.key!r}] is not a valid {field.kind}; "
                        "correct it with kubectl, or delete the key to start from its default"
                    ) from error
        return self._complete(values)

    def _migrated(self, stored: int, metadata: dict[str, str], unseal: Unseal) -> Model:
        old = {
            # A field may have become secret with this version, or have been so before it.
            key: _parsed(unseal(text, key).decode() if is_sealed(text) else text)
            for key, text in metadata.items()
            if key not in RUNTIME_KEYS
        }
        try:
            new = self.model.migrate(stored, old)
            values = {
                field.name: field.adapter.validate_python(new[field.key]) for field in self.fields if field.key in new
            }
            return self._complete(values)
        except Exception as error:
            raise StateError(
                f"the stored state of version {stored} cannot be brought to version {self.schema_version}: {error}"
            ) from error

    def _complete(self, values: dict[str, Any]) -> Model:
        blank = self.model()
        for name, value in values.items():
            setattr(blank, name, value)
        return blank


class ListTexts:
    """Remembers the JSON of a list's items between the changes of one node, so that appending costs one item, not the
    list.

    Items are known by identity, which is sound because only immutable ones are shared between snapshots.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[Any], list[str], int]] = {}

    def text(self, field: StateField, items: list[Any]) -> str:
        """The JSON of `items`, bounded; removes the oldest from `items` until it fits."""
        assert field.item_adapter is not None
        texts, total = self._kept(field.key, items)
        for item in items[len(texts) :]:
            text = field.item_adapter.dump_json(item, by_alias=True).decode()
            texts.append(text)
            total += size_of(text) + 1
        drop = 0
        while total > field.limit and drop < len(texts):
            total -= size_of(texts[drop]) + 1
            drop += 1
        if drop:
            del items[:drop], texts[:drop]
        self._known[field.key] = (items.copy(), texts, total)
        return "[" + ",".join(texts) + "]"

    def _kept(self, key: str, items: list[Any]) -> tuple[list[str], int]:
        """Texts of the first items, as far as they are a run of those before, and the size of the list with them."""
        before, texts, total = self._known.get(key, ([], [], 2))
        start = next((index for index, item in enumerate(before) if item is items[0]), None) if items else None
        if start is None or not all(map(is_, islice(before, start, None), items)):
            return [], 2
        count = min(len(before) - start, len(items))
        dropped = texts[:start] + texts[start + count :]
        return texts[start : start + count], total - sum(size_of(text) + 1 for text in dropped)


def codec_of(model: type[Model]) -> StateCodec:
    """The codec of a state model (a `weirflow.Model`). Raises `TypeError` for fields that cannot be stored."""
    known: StateCodec | None = _codecs.get(model)
    if known is None:
        known = _codecs[model] = StateCodec(model)
    return known


def is_sealed(text: str) -> bool:
    """Whether it is the text of a secret field."""
    return _SEALED.fullmatch(text) is not None


def is_ordered(metadata: dict[str, str]) -> bool:
    """Whether epoch and version, where they stand, are counters; without, no state is newer than another."""
    return all(counter(metadata[key]) is not None for key in (EPOCH_KEY, VERSION_KEY) if key in metadata)


def number_at(metadata: dict[str, str], key: str) -> int | None:
    """A counter of the runtime; None where nothing is stored. Raises `StateError` if it is no number."""
    return _number(metadata, key, 0) if key in metadata else None


def json_text(value: JSON) -> str:
    """Compact JSON."""
    return dump_json(value).decode()


def counter(text: str | None) -> int | None:
    """The number in a counter's text; None unless it stands there exactly as the runtime writes it.

    Numbers past 53 bits are none: JSON readers of other languages would round them.
    """
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > 16:
        return None
    number = int(text)
    return number if str(number) == text and number < 2**53 else None


def leaps(order: tuple[int, int], known: tuple[int, int]) -> bool:
    """Whether epoch or version are so far above the known ones that nobody can have counted there.

    Taken up, such a number would be the last but a few: counters end at 53 bits.
    """
    return any(found - before > MAX_LEAP for found, before in zip(order, known, strict=True))


def _number(metadata: dict[str, str], key: str, default: int) -> int:
    text = metadata.get(key)
    if text is None:
        return default
    number = counter(text)
    if number is None:
        raise StateError(f"status.metadata[{key!r}] is not a number; it belongs to the runtime and may not be edited")
    return number


def _parsed(text: str) -> JSON:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [kind for kind in get_args(annotation) if kind is not type(None)]
        if len(rest) == 1 and len(get_args(annotation)) == 2:
            return rest[0], True
    return annotation, False


def _shared(kind: Any) -> bool:
    """Whether snapshots may share a value of `kind` after copying its outermost container."""
    if get_origin(kind) in (list, set, dict):
        return all(_immutable(item) for item in get_args(kind))
    return _immutable(kind)


def _immutable(kind: Any) -> bool:
    if get_origin(kind) is tuple:
        return all(item is Ellipsis or _immutable(item) for item in get_args(kind))
    inner, _ = _without_none(kind)
    if not isinstance(inner, type):
        return False
    return issubclass(inner, _READABLE) or (issubclass(inner, Model) and bool(inner.model_config.get("frozen")))
