"""Events of `events.k8s.io/v1`: those of the core group under other names. Stored are the core group's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weirflow.embedded.errors import Cause, bad_request, invalid
from weirflow.embedded.kinds import JsonObject, Kind
from weirflow.embedded.patches import JSON_PATCH

NAMES = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
"""As they are shown -> as they are stored. All others are the same."""
UNSHOWN = {"reportingController": "", "reportingInstance": "", "regarding": {}}
"""What is left out where it says nothing."""
_SHOWN = {stored: shown for shown, stored in NAMES.items()}


@dataclass(frozen=True, slots=True)
class View:
    """A kind whose objects are another's, under other names."""

    of: Kind

    def shown(self, kind: Kind, value: JsonObject) -> JsonObject:
        """A stored object as this kind has it."""
        found = {_SHOWN.get(name, name): field for name, field in value.items()}
        found["apiVersion"] = kind.api_version
        return {name: field for name, field in found.items() if name not in UNSHOWN or field != UNSHOWN[name]}

    def stored(self, kind: Kind, body: Any) -> Any:
        """The body of a write, or of a patch by objects, as the stored kind has it. Raises 400 for another version."""
        if not isinstance(body, dict):
            return body
        said = body.get("apiVersion") or kind.api_version
        if said != kind.api_version:
            text = f"the API version in the data ({said}) does not match the expected API version ({kind.api_version})"
            raise bad_request(text)
        found = {NAMES.get(name, name): field for name, field in body.items()}
        return found | {"apiVersion": self.of.api_version} if "apiVersion" in body else found

    def stored_patch(self, kind: Kind, patch: Any, form: str) -> Any:
        """A patch of any form."""
        if form != JSON_PATCH or not isinstance(patch, list):
            return self.stored(kind, patch)
        return [
            {name: _path(value) if name in ("path", "from") else value for name, value in one.items()}
            if isinstance(one, dict)
            else one
            for one in patch
        ]

    def check_new(self, body: JsonObject) -> None:
        """What is asked here of an Event that is made, in the names it is stored under. Raises 422."""
        causes = []
        if not body.get("eventTime"):
            causes.append(Cause("eventTime", "FieldValueRequired", "Required value"))
        else:
            needed = {_SHOWN.get(name, name): body.get(name) for name in ("reportingComponent", "reportingInstance")}
            needed |= {name: body.get(name) for name in ("action", "reason")}
            causes += [
                Cause(name, "FieldValueRequired", "Required value") for name, value in needed.items() if not value
            ]
        if (given := body.get("type")) not in ("Normal", "Warning"):
            causes.append(Cause("type", "FieldValueInvalid", f'Invalid value: "": has invalid value: {given or ""}'))
        if causes:
            metadata = body.get("metadata")
            name = metadata.get("name", "") if isinstance(metadata, dict) else ""
            raise invalid(self.of, str(name), causes)


def view_of(events: Kind) -> Kind:
    """The kind that shows the core group's Events so."""
    view = Kind(
        "events.k8s.io", "v1", "events", "", "Event", short_names=("ev",), version_required=False,
        create_on_update=True, several=True, columns=events.columns, view=View(events),
        fields={_label(label): path for label, path in events.fields.items() if label != "source"},
    )  # fmt: skip
    view.qualified = events.qualified
    return view


def _label(label: str) -> str:
    first, dot, rest = label.partition(".")
    return f"{_SHOWN.get(first, first)}{dot}{rest}"


def _path(path: Any) -> Any:
    if not isinstance(path, str) or not path.startswith("/"):
        return path
    first, slash, rest = path[1:].partition("/")
    return f"/{NAMES.get(first, first)}{slash}{rest}"
