"""The built-in kinds: ConfigMap, Secret, Event, Namespace, Lease and CustomResourceDefinition, with their own rules."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any

from weirflow.embedded.bodies import section, texts
from weirflow.embedded.errors import Cause, bad_request
from weirflow.embedded.kinds import Column, JsonObject, Kind
from weirflow.embedded.schema import shown
from weirflow.embedded.tables import age, at

CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
DATA_BYTES = 1_048_576
TYPED_SECRETS = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def _keep(value: JsonObject, *names: str) -> None:
    """Drop what a built-in kind does not know, and empty parts."""
    known = {"apiVersion", "kind", "metadata", *names}
    for name in list(value):
        if name not in known or value[name] is None or value[name] == {}:
            del value[name]


def _check_keys(field: str, names: Any, causes: list[Cause]) -> None:
    for name in names:
        if not CONFIG_KEY.fullmatch(name) or len(name) > 253:
            text = (
                f"Invalid value: {shown(name)}: a valid config key must consist of alphanumeric characters, '-', "
                "'_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                "'[-._a-zA-Z0-9]+')"
            )
            causes.append(Cause(f"{field}[{name}]", "FieldValueInvalid", text))


def _check_frozen(new: JsonObject, old: JsonObject | None, causes: list[Cause], *fields: str) -> None:
    if old is None or not old.get("immutable"):
        return
    if not new.get("immutable"):
        text = "Forbidden: field is immutable when `immutable` is set"
        causes.append(Cause("immutable", "FieldValueForbidden", text))
    causes.extend(
        Cause(field, "FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set")
        for field in fields
        if new.get(field) != old.get(field)
    )


def prepare_config_map(new: JsonObject, old: JsonObject | None) -> list[Cause]:
    data = texts(new, "data", "ConfigMap")
    binary = texts(new, "binaryData", "ConfigMap")
    _keep(new, "data", "binaryData", "immutable")
    causes: list[Cause] = []
    _check_keys("data", data, causes)
    _check_keys("binaryData", binary, causes)
    for name in data.keys() & binary.keys():
        text = f"Invalid value: {shown(name)}: duplicate of key present in binaryData"
        causes.append(Cause(f"data[{name}]", "FieldValueInvalid", text))
    if sum(len(value.encode()) for value in (*data.values(), *binary.values())) > DATA_BYTES:
        causes.append(Cause("[]", "FieldValueTooLong", f"Too long: must have at most {DATA_BYTES} bytes"))
    _check_frozen(new, old, causes, "data", "binaryData")
    return causes


def prepare_secret(new: JsonObject, old: JsonObject | None) -> list[Cause]:
    data = dict(texts(new, "data", "Secret"))
    for name, text in texts(new, "stringData", "Secret").items():
        data[name] = base64.b64encode(text.encode()).decode()
    size = 0
    for name, value in data.items():
        try:
            size += len(base64.b64decode(value, validate=True))
        except binascii.Error:
            message = f'Secret in version "v1" cannot be handled as a Secret: data[{name}] is not valid base64'
            raise bad_request(message) from None
    new["data"] = data
    new["type"] = new.get("type") or (old or {}).get("type") or "Opaque"
    _keep(new, "data", "type", "immutable")
    causes: list[Cause] = []
    _check_keys("data", data, causes)
    if size > DATA_BYTES:
        causes.append(Cause("data", "FieldValueTooLong", f"Too long: must have at most {DATA_BYTES} bytes"))
    causes.extend(
        Cause(f"data[{name}]", "FieldValueRequired", "Required value")
        for name in TYPED_SECRETS.get(new["type"], ())
        if name not in data
    )
    if old is not None and new["type"] != old["type"]:
        text = f"Invalid value: {shown(new['type'])}: field is immutable"
        causes.append(Cause("type", "FieldValueInvalid", text))
    _check_frozen(new, old, causes, "data")
    return causes


MICRO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)")
LEASE_FIELDS: dict[str, type] = {
    "holderIdentity": str,
    "leaseDurationSeconds": int,
    "acquireTime": str,
    "renewTime": str,
    "leaseTransitions": int,
}


def prepare_lease(new: JsonObject, _old: JsonObject | None) -> list[Cause]:
    spec = section(new, "spec")
    kept: JsonObject = {}
    for name, wanted in LEASE_FIELDS.items():
        value = spec.get(name)
        if value is None:
            continue
        if not isinstance(value, wanted) or isinstance(value, bool):
            text = f'Lease in version "v1" cannot be handled as a Lease: spec.{name} must be of type {wanted.__name__}'
            raise bad_request(text)
        kept[name] = _micro_time(name, str(value)) if name.endswith("Time") else value
    new["spec"] = kept
    _keep(new)
    new["spec"] = kept
    causes: list[Cause] = []
    duration, transitions = kept.get("leaseDurationSeconds"), kept.get("leaseTransitions")
    if duration is not None and duration <= 0:
        text = f"Invalid value: {duration}: must be greater than 0"
        causes.append(Cause("spec.leaseDurationSeconds", "FieldValueInvalid", text))
    if transitions is not None and transitions < 0:
        text = f"Invalid value: {transitions}: must be greater than or equal to 0"
        causes.append(Cause("spec.leaseTransitions", "FieldValueInvalid", text))
    return causes


def _micro_time(name: str, value: str) -> str:
    """A MicroTime in UTC; the API accepts exactly six fraction digits."""
    try:
        if MICRO_TIME.fullmatch(value):
            moment = datetime.fromisoformat(value).astimezone(UTC)
            return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        pass
    raise bad_request(
        f'Lease in version "v1" cannot be handled as a Lease: spec.{name}: {shown(value)} is not a time with six '
        "fraction digits such as 2006-01-02T15:04:05.000000Z"
    )


EVENT_DEFAULTS: JsonObject = {
    "source": {},
    "firstTimestamp": None,
    "lastTimestamp": None,
    "eventTime": None,
    "reportingComponent": "",
    "reportingInstance": "",
}


def prepare_event(new: JsonObject, _old: JsonObject | None) -> list[Cause]:
    about = new["involvedObject"] = section(new, "involvedObject")
    _keep(
        new, "involvedObject", "reason", "message", "type", "source", "count", "firstTimestamp", "lastTimestamp",
        "eventTime", "reportingComponent", "reportingInstance", "action", "related", "series",
    )  # fmt: skip
    new.setdefault("involvedObject", about)
    for name, value in EVENT_DEFAULTS.items():
        new.setdefault(name, value)
    given = about.get("namespace", "")
    namespace = new["metadata"].get("namespace", "")
    if given != namespace and not (given == "" and namespace == "default"):
        text = f"Invalid value: {shown(given)}: does not match event.namespace"
        return [Cause("involvedObject.namespace", "FieldValueInvalid", text)]
    return []


NAME_LABEL = "kubernetes.io/metadata.name"
"""A label that every namespace has, so that selectors can mean one."""


def prepare_namespace(new: JsonObject, old: JsonObject | None) -> list[Cause]:
    metadata = new["metadata"]
    if name := metadata.get("name"):
        metadata["labels"] = {**metadata.get("labels", {}), NAME_LABEL: name}
    if old is None:
        new["spec"] = {"finalizers": ["kubernetes"]}
        new["status"] = {"phase": "Active"}
    else:
        new["spec"], new["status"] = old["spec"], old["status"]
    _keep(new, "spec", "status")
    return []


def _event_object(value: JsonObject) -> str:
    about = value.get("involvedObject") or value.get("regarding") or {}
    return f"{about.get('kind', '').lower()}/{about.get('name', '')}"


def _last_seen(value: JsonObject) -> str:
    """By whichever of its times it has: new recorders write no more than the first and the last of a series."""
    series = value.get("series") or {}
    seen = value.get("lastTimestamp") or value.get("deprecatedLastTimestamp") or series.get("lastObservedTime")
    return age({"at": seen or value.get("eventTime")}, "at")


def _count(value: JsonObject) -> int:
    return len(value.get("data") or {}) + len(value.get("binaryData") or {})


AGE = Column("Age", "string", age, "Time since creation.")


def builtin_kinds() -> list[Kind]:
    """Fresh definitions of all built-in kinds but CustomResourceDefinition (see `definitions`)."""
    return [
        Kind(
            "", "v1", "configmaps", "", "ConfigMap", short_names=("cm",), version_required=False,
            prepare=prepare_config_map, columns=(Column("Data", "string", _count, "Number of entries."), AGE),
        ),
        Kind(
            "", "v1", "events", "", "Event", short_names=("ev",), version_required=False, create_on_update=True,
            prepare=prepare_event,
            columns=(
                Column("Last Seen", "string", _last_seen, "Time since it was last seen."),
                Column("Type", "string", at("type"), "Normal or Warning."),
                Column("Reason", "string", at("reason"), "Short machine-readable reason."),
                Column("Object", "string", _event_object, "The object it is about."),
                Column("Message", "string", lambda value: value.get("message", value.get("note")), "What happened."),
            ),
            fields={
                "type": "type", "reason": "reason", "source": "source.component",
                "reportingComponent": "reportingComponent",
                **{f"involvedObject.{name}": f"involvedObject.{name}"
                   for name in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")},
            },
        ),
        Kind(
            "", "v1", "namespaces", "", "Namespace", namespaced=False, short_names=("ns",), has_status=True,
            version_required=False, collection_delete=False, prepare=prepare_namespace,
            columns=(Column("Status", "string", at("status.phase"), "The status of the namespace"), AGE),
            fields={"status.phase": "status.phase"},
        ),
        Kind(
            "", "v1", "secrets", "", "Secret", version_required=False, prepare=prepare_secret,
            columns=(
                Column("Type", "string", at("type"), "What the data is for."),
                Column("Data", "string", _count, "Number of entries."),
                AGE,
            ),
            fields={"type": "type"},
        ),
        Kind(
            "coordination.k8s.io", "v1", "leases", "", "Lease", create_on_update=True, prepare=prepare_lease,
            columns=(Column("Holder", "string", at("spec.holderIdentity"), "Who holds the lease."), AGE),
        ),
    ]  # fmt: skip
