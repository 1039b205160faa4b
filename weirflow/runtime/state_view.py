"""A node's state as people may look at it: every field with its type and value, and how it came to be what it is."""

from __future__ import annotations

import contextlib
from typing import Any

from weirflow.errors import JSON, Fail, StateError, problem_of
from weirflow.fields import Model
from weirflow.json_bytes import json_bytes
from weirflow.reconcile_port import Metadata
from weirflow.runtime.concealing import Concealer
from weirflow.runtime.node import Node
from weirflow.runtime.redaction import redact
from weirflow.runtime.state_history import Entry
from weirflow.state import StateStore
from weirflow.state_codec import StateCodec, StateField, is_sealed
from weirflow.state_edit import digest_of, field_schema, is_guarded

#: Bytes of JSON of a value that are told with the others; of one that is asked for by itself.
SHORT_BYTES = 2048
WHOLE_BYTES = 256 * 1024


def state_of(node: Node) -> dict[str, Any]:
    """All fields, short, with the last changes that this host knows of."""
    store, hidden = node.instance.stored_state if node.instance is not None else None, node.concealer
    if store is None:
        return {"kept": False, "leads": node.lease.is_leader, "fields": [], "history": []}
    told: dict[str, Any] = {
        "kept": True,
        "leads": node.lease.is_leader,
        "persistent": store.persistent,
        "stored": store.version > 0,
        "epoch": store.epoch,
        "version": store.version,
        "error": hidden.problem(store.error.problem.to_json()) if store.error is not None else None,
        "since": int(node.state.history.since * 1000),
        "history": [_entry(entry, store.codec, hidden) for entry in node.state.history.entries()],
    }
    try:
        return {**told, "fields": _fields(store, SHORT_BYTES, hidden)}
    except StateError as error:
        return {**told, "error": told["error"] or hidden.problem(problem_of(error).to_json()), "fields": []}


def value_of(node: Node, name: str) -> dict[str, Any]:
    """One field (None where there is none of that name) with its value as far as it can be told at all, and which state
    it is of."""
    store = node.instance.stored_state if node.instance is not None else None
    found: list[dict[str, Any]] = []
    if store is not None:
        with contextlib.suppress(Fail):
            found = [field for field in _fields(store, WHOLE_BYTES, node.concealer, name) if field["name"] == name]
    order = {"epoch": store.epoch, "version": store.version} if store is not None else {}
    return {"leads": node.lease.is_leader, **order, "field": found[0] if found else None}


def _fields(store: StateStore[Any], limit: int, hidden: Concealer, only: str | None = None) -> list[dict[str, Any]]:
    state: Model = store.value
    if isinstance(state, Metadata):
        return [_text(key, text, limit, hidden) for key, text in sorted(state.texts.items())]
    codec = store.codec
    return [_field(codec, field, state, limit, hidden) for field in codec.fields if only is None or field.name == only]


def _field(codec: StateCodec, field: StateField, state: Model, limit: int, hidden: Concealer) -> dict[str, Any]:
    schema = field_schema(codec, field)
    told = {
        "name": field.name,
        "key": field.key,
        "title": schema.get("title") or field.name,
        "schema": schema,
        "secret": field.secret,
        "editable": not is_guarded(codec, field),
    }
    plain = field.plain(getattr(state, field.name))
    if field.secret:
        return {**told, "set": plain not in (None, "", [], {})}
    # Under its name, which may give it away as a secret too.
    clean = redact({field.name: plain}, {"properties": {field.name: schema}, "$defs": schema.get("$defs", {})})
    assert isinstance(clean, dict)
    return {**told, **_shown(hidden.value(clean[field.name]), limit), "digest": digest_of(plain)}


def _text(key: str, text: str, limit: int, hidden: Concealer) -> dict[str, Any]:
    """A text that the component writes into its node by itself."""
    told = {"name": key, "key": key, "title": key, "schema": {"type": "string"}, "editable": False}
    if is_sealed(text):
        return {**told, "secret": True, "set": True}
    clean = redact({key: text})
    assert isinstance(clean, dict)
    return {**told, "secret": False, **_shown(hidden.value(clean[key]), limit), "digest": digest_of(text)}


def _shown(value: JSON, limit: int) -> dict[str, Any]:
    raw = json_bytes(value)
    if len(raw) <= limit:
        return {"value": value, "bytes": len(raw), "cut": False}
    return {"beginning": raw[:limit].decode("utf-8", "ignore"), "bytes": len(raw), "cut": True}


def _entry(entry: Entry, codec: StateCodec, hidden: Concealer) -> dict[str, Any]:
    by_key = {field.key: field for field in codec.fields}
    changed: list[dict[str, Any]] = []
    for key, text in entry.texts.items():
        field = by_key.get(key)
        name = field.name if field is not None else key
        if text is None or is_sealed(text) or (field is not None and is_guarded(codec, field)):
            changed.append({"field": name})
        else:
            changed.append({"field": name, "value": hidden.value(_value(field, name, text))})
    return {
        "epoch": entry.epoch,
        "version": entry.version,
        "at": int(entry.at * 1000),
        "count": entry.count,
        "by": entry.by,
        "changed": changed,
    }


def _value(field: StateField | None, name: str, text: str) -> JSON:
    try:
        plain = field.plain(field.value(text)) if field is not None else text
    except ValueError:
        plain = text
    clean = redact({name: plain})
    return clean[name] if isinstance(clean, dict) else None
