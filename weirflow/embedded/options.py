"""Options in a request's query and in a delete's body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from weirflow.embedded.bodies import section
from weirflow.embedded.errors import Cause, bad_request, invalid_options

if TYPE_CHECKING:
    from weirflow.embedded.messages import Request

Query = Mapping[str, str]
MANAGER_BYTES = 128
VERSION_DIGITS = 20
FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
"""The finalizers by which an owner under deletion says what becomes of its dependents."""
PROPAGATIONS = {"Foreground": FOREGROUND, "Background": "", "Orphan": ORPHAN}


def truthy(query: Query, name: str) -> bool:
    return query.get(name, "").lower() in ("1", "true")


def number(query: Query, name: str) -> int:
    """A whole number of the query, 0 when absent."""
    text = query.get(name, "")
    if not text:
        return 0
    try:
        return int(text)
    except ValueError:
        raise bad_request(f'{name}: "{text}" is not a whole number') from None


def version_of(query: Query) -> int | None:
    """The query's resourceVersion; None when it has none."""
    text = query.get("resourceVersion", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > VERSION_DIGITS:
        raise bad_request(f'resourceVersion: "{text}" is not a version this cluster gave out')
    return int(text)


def dry_run(query: Query, options: str) -> bool:
    """True for dryRun=All; any other value is an error."""
    text = query.get("dryRun", "")
    if text in ("", "All"):
        return text == "All"
    said = f'Unsupported value: []string{{"{text}"}}: supported values: "All"'
    raise invalid_options(options, Cause("dryRun", "FieldValueNotSupported", said))


def manager_of(request: Request, options: str) -> str:
    """The name under which a writer owns fields: `fieldManager`, else the first word of its User-Agent."""
    name = request.query.get("fieldManager", "")
    if len(name.encode()) > MANAGER_BYTES:
        said = f"Too long: may not be more than {MANAGER_BYTES} bytes"
        raise invalid_options(options, Cause("fieldManager", "FieldValueTooLong", said))
    if not name.isprintable():
        said = f"Invalid value: {orjson.dumps(name).decode()}: should only contain printable characters"
        raise invalid_options(options, Cause("fieldManager", "FieldValueInvalid", said))
    return name or request.agent.partition("/")[0][:MANAGER_BYTES] or "unknown"


def check_match(query: Query) -> str:
    """resourceVersionMatch of a list, once it is clear that it may stand beside the other options."""
    match, version = query.get("resourceVersionMatch", ""), query.get("resourceVersion", "")
    if not match:
        return ""
    said, reason = "", "FieldValueForbidden"
    if not version:
        said = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
    elif query.get("continue"):
        said = "Forbidden: resourceVersionMatch is forbidden when continue is provided"
    elif match not in ("Exact", "NotOlderThan"):
        said = f'Unsupported value: "{match}": supported values: "Exact", "NotOlderThan", ""'
        reason = "FieldValueNotSupported"
    elif match == "Exact" and version == "0":
        said = 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'
    if said:
        raise invalid_options("ListOptions", Cause("resourceVersionMatch", reason, said))
    return match


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """What a delete asks beside the object: preconditions, dry run, and what becomes of dependents."""

    uid: str = ""
    version: str = ""
    dry_run: bool = False
    policy: str | None = None
    """FOREGROUND, ORPHAN, or empty: they go after it. None: not said, then the object's own finalizers say it."""

    @classmethod
    def read(cls, query: Query, body: Any) -> DeleteOptions:
        given = body or {}
        if not isinstance(given, dict):
            raise bad_request("delete options must be an object")
        if given.get("kind", "DeleteOptions") != "DeleteOptions":
            raise bad_request(f"the body of a delete must be DeleteOptions, not {given['kind']}")
        policy = given.get("propagationPolicy") or query.get("propagationPolicy")
        orphan = given.get("orphanDependents")
        if policy and orphan is not None:
            said = f'Invalid value: "{policy}": orphanDependents and deletionPropagation cannot be both set'
            raise invalid_options("DeleteOptions", Cause("propagationPolicy", "FieldValueInvalid", said))
        if policy and policy not in PROPAGATIONS:
            options = ", ".join(f'"{name}"' for name in (*PROPAGATIONS, "nil"))
            said = f'Unsupported value: "{policy}": supported values: {options}'
            raise invalid_options("DeleteOptions", Cause("propagationPolicy", "FieldValueNotSupported", said))
        rehearsal = given.get("dryRun")
        if rehearsal is not None and not isinstance(rehearsal, list):
            raise bad_request("dryRun must be a list")
        asked = {**query, "dryRun": str(rehearsal[0])} if rehearsal else query
        conditions = section(given, "preconditions")
        return cls(
            uid=str(conditions.get("uid") or ""),
            version=str(conditions.get("resourceVersion") or ""),
            dry_run=dry_run(asked, "DeleteOptions"),
            policy=PROPAGATIONS[policy] if policy else None if orphan is None else ORPHAN if orphan else "",
        )
