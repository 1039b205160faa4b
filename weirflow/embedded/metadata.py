"""The part all objects share: names, labels, annotations, finalizers, owners, and what only the server may set."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from weirflow.embedded.errors import Cause, bad_request
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.schema import shown
from weirflow.embedded.selectors import LABEL_NAME, LABEL_PREFIX, LABEL_VALUE

ANNOTATIONS_BYTES = 256 * 1024
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"

KNOWN = {
    "name": str,
    "generateName": str,
    "namespace": str,
    "uid": str,
    "resourceVersion": str,
    "creationTimestamp": str,
    "deletionTimestamp": str,
    "labels": dict,
    "annotations": dict,
    "finalizers": list,
    "ownerReferences": list,
}
"""Fields of metadata that are kept, with their JSON type; the server writes generation itself."""

OWNER = {"apiVersion": str, "kind": str, "name": str, "uid": str, "controller": bool, "blockOwnerDeletion": bool}
"""Fields of an owner reference that are kept, with their JSON type."""

SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
    "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
KEY_TEXT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)


def now() -> str:
    """The time as the API writes it: UTC, whole seconds."""
    return datetime.now(UTC).strftime(TIME_FORMAT)


def new_uid() -> str:
    return str(uuid.uuid4())


def random_suffix() -> str:
    """Five characters for generateName; no vowels, so that no words come up."""
    return "".join(secrets.choice(NAME_ALPHABET) for _ in range(5))


def read_metadata(kind: Kind, body: JsonObject) -> JsonObject:
    """The metadata of a body with only known fields; 400 for a wrong type, as the API's decoder answers."""
    given = body.get("metadata")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise _cannot_read(kind, "metadata must be an object")
    kept: JsonObject = {}
    for name, value in given.items():
        wanted = KNOWN.get(name)
        if wanted is None or value is None:
            continue
        if not isinstance(value, wanted):
            raise _cannot_read(kind, f"metadata.{name} must be of type {wanted.__name__}")
        kept[name] = value
    for name in ("labels", "annotations"):
        for key, value in kept.get(name, {}).items():
            if not isinstance(value, str):
                raise _cannot_read(kind, f"metadata.{name}[{key}] must be a string")
        if name in kept and not kept[name]:
            del kept[name]
    if not all(isinstance(item, str) for item in kept.get("finalizers", [])):
        raise _cannot_read(kind, "metadata.finalizers must be a list of strings")
    if "ownerReferences" in kept:
        kept["ownerReferences"] = [_read_owner(kind, owner) for owner in kept["ownerReferences"]]
    for name in ("finalizers", "ownerReferences"):
        if name in kept and not kept[name]:
            del kept[name]
    return kept


def _read_owner(kind: Kind, owner: Any) -> JsonObject:
    """An owner reference with only known fields, each of its own type: the collector goes by them."""
    if not isinstance(owner, dict):
        raise _cannot_read(kind, "metadata.ownerReferences must be a list of objects")
    kept = {name: owner[name] for name in OWNER if owner.get(name) is not None}
    for name, value in kept.items():
        if not isinstance(value, OWNER[name]):
            raise _cannot_read(kind, f"metadata.ownerReferences.{name} must be of type {OWNER[name].__name__}")
    return kept


def _cannot_read(kind: Kind, problem: str) -> Exception:
    return bad_request(f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {problem}')


def check_metadata(kind: Kind, metadata: JsonObject) -> list[Cause]:
    """What is wrong with names, labels, annotations and owners."""
    causes: list[Cause] = []
    _check_name(kind, metadata.get("name", ""), causes)
    labels: dict[str, str] = metadata.get("labels", {})
    for key, value in labels.items():
        _check_key("metadata.labels", key, causes)
        if not LABEL_VALUE.fullmatch(value):
            causes.append(Cause("metadata.labels", "FieldValueInvalid", f"Invalid value: {shown(value)}: {VALUE_TEXT}"))
        elif len(value) > 63:
            text = f"Invalid value: {shown(value)}: must be no more than 63 characters"
            causes.append(Cause("metadata.labels", "FieldValueInvalid", text))
    annotations: dict[str, str] = metadata.get("annotations", {})
    for key in annotations:
        _check_key("metadata.annotations", key.lower(), causes, shown_as=key)
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > ANNOTATIONS_BYTES:
        text = f"Too long: must have at most {ANNOTATIONS_BYTES} bytes"
        causes.append(Cause("metadata.annotations", "FieldValueTooLong", text))
    for owner in metadata.get("ownerReferences", []):
        _check_owner(owner, causes)
    return causes


def _check_name(kind: Kind, name: str, causes: list[Cause]) -> None:
    if not name:
        causes.append(Cause("metadata.name", "FieldValueRequired", "Required value: name or generateName is required"))
        return
    is_label = kind.plural == "namespaces"
    most = 63 if is_label else 253
    if len(name) > most:
        text = f"Invalid value: {shown(name)}: must be no more than {most} characters"
        causes.append(Cause("metadata.name", "FieldValueInvalid", text))
    pattern = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?") if is_label else LABEL_PREFIX
    if not pattern.fullmatch(name):
        text = f"Invalid value: {shown(name)}: {LABEL_TEXT if is_label else SUBDOMAIN_TEXT}"
        causes.append(Cause("metadata.name", "FieldValueInvalid", text))


def _check_key(field: str, key: str, causes: list[Cause], shown_as: str = "") -> None:
    prefix, slash, name = key.rpartition("/")
    text = ""
    if slash and not LABEL_PREFIX.fullmatch(prefix):
        text = f"prefix part {SUBDOMAIN_TEXT}"
    elif not LABEL_NAME.fullmatch(name):
        text = KEY_TEXT
    elif len(name) > 63:
        text = "name part must be no more than 63 characters"
    if text:
        causes.append(Cause(field, "FieldValueInvalid", f"Invalid value: {shown(shown_as or key)}: {text}"))


def _check_owner(owner: dict[str, Any], causes: list[Cause]) -> None:
    for field, word in (("apiVersion", "version"), ("kind", "kind"), ("name", "name"), ("uid", "uid")):
        if not owner.get(field):
            text = f'Invalid value: "": {word} must not be empty'
            causes.append(Cause(f"metadata.ownerReferences.{field}", "FieldValueInvalid", text))


def check_update(kind: Kind, new: JsonObject, old: JsonObject) -> list[Cause]:
    """What an update may not change about an object's identity and its deletion."""
    causes: list[Cause] = []
    if new.get("uid") and new["uid"] != old["uid"]:
        text = f"Invalid value: {shown(new['uid'])}: field is immutable"
        causes.append(Cause("metadata.uid", "FieldValueInvalid", text))
    if new.get("deletionTimestamp") and not old.get("deletionTimestamp"):
        text = f"Invalid value: {new['deletionTimestamp']}: field is immutable"
        causes.append(Cause("metadata.deletionTimestamp", "FieldValueInvalid", text))
    if old.get("deletionTimestamp"):
        added = [name for name in new.get("finalizers", []) if name not in old.get("finalizers", [])]
        if added:
            names = ", ".join(f'"{name}"' for name in added)
            text = (
                "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
                f"[]string{{{names}}}"
            )
            causes.append(Cause("metadata.finalizers", "FieldValueForbidden", text))
    return causes
