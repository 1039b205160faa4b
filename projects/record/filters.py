"""What somebody looks for in the audit."""

import ipaddress
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from projects.errors import ProjectError
from projects.models import AuditEntry

MAX_TEXT = 100
_ACTION = re.compile(r"[a-z_]{1,20}(\.[a-z_]{1,20})?")


@dataclass(frozen=True, slots=True)
class Filters:
    """All that are given have to hold. `project` is the scope that the reader has, or has chosen of all."""

    project: uuid.UUID | None = None
    person: str = ""
    """A name, whole."""
    action: str = ""
    """`flow.rename`, or `flow` for all of its kind."""
    object: str = ""
    """The id of what was done something to, or of the flow it is in."""
    since: datetime | None = None
    until: datetime | None = None
    address: str = ""
    """An IP address or network."""
    text: str = ""
    """Anywhere in names, and in what was before and after."""

    def narrow(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Those of the entries that it is about, in any order."""
        if self.project is not None:
            entries = entries.filter(project=self.project)
        if self.person:
            entries = entries.filter(person_name=self.person)
        if self.action:
            entries = entries.filter(_action(self.action))
        if self.object:
            entries = entries.filter(Q(object_id=self.object) | _of_flow(self.object))
        if self.since is not None:
            entries = entries.filter(at__gte=self.since)
        if self.until is not None:
            entries = entries.filter(at__lt=self.until)
        if self.address:
            entries = entries.filter(_address(self.address))
        if self.text:
            entries = entries.filter(_text(self.text))
        return entries

    @property
    def selective(self) -> bool:
        """Whether few entries may fit among many, so that looking for them has to be bounded."""
        return any((self.person, self.action, self.object, self.address, self.text))

    def as_query(self) -> dict[str, str]:
        """The parameters that say the same, without the project."""
        shown = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "project"}
        return {
            name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
            for name, value in shown.items()
            if value
        }


def read_filters(asked: Mapping[str, Any], project: uuid.UUID | None = None) -> Filters:
    """From the parameters of a request. Raises ProjectError (400) naming the one that cannot be read."""
    text = _said(asked, "text")
    if len(text) > MAX_TEXT:
        raise _wrong("text", f"Search for at most {MAX_TEXT} characters.")
    action = _said(asked, "action")
    if action and not _ACTION.fullmatch(action):
        raise _wrong("action", "An action reads flow.rename, or flow for all that concerns flows.")
    address = _said(asked, "address")
    if address:
        _network(address)
    return Filters(
        project=project,
        person=_said(asked, "person")[:150],
        action=action,
        object=_said(asked, "object")[:64],
        since=_time(asked, "since", timedelta()),
        until=_time(asked, "until", timedelta(days=1)),
        address=address,
        text=text,
    )


def _said(asked: Mapping[str, Any], name: str) -> str:
    """Without NUL, which PostgreSQL has no place for in a text."""
    return str(asked.get(name) or "").replace("\0", "").strip()


def _time(asked: Mapping[str, Any], name: str, whole_day: timedelta) -> datetime | None:
    """A date means its beginning, as an end the end of that day; times are UTC where they do not say otherwise."""
    text = _said(asked, name)
    if not text:
        return None
    try:
        if (day := parse_date(text)) is not None:
            return datetime(day.year, day.month, day.day, tzinfo=UTC) + whole_day
        moment = parse_datetime(text)
        if moment is not None:
            moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise _wrong(name, "A time reads 2026-11-26 or 2026-11-26T07:30Z.")
    return moment


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise _wrong("address", "An address reads 192.0.2.7, a network 192.0.2.0/24.") from None


def _action(text: str) -> Q:
    return Q(action=text) if "." in text else Q(action__startswith=f"{text}.")


def _of_flow(text: str) -> Q:
    try:
        return Q(flow=uuid.UUID(text))
    except ValueError:
        return Q(pk__in=())


def _address(text: str) -> Q:
    network = _network(text)
    if network.num_addresses == 1:
        return Q(address=str(network.network_address))
    if network.version == 4 and network.prefixlen in (8, 16, 24):
        whole = str(network.network_address).split(".")[: network.prefixlen // 8]
        return Q(address__startswith=".".join(whole) + ".")
    raise _wrong("address", "Of networks only those ending in /8, /16 and /24 can be looked for.")


def _text(text: str) -> Q:
    # SQLite holds JSON as it is written by default: letters beyond ASCII as escapes.
    written = json.dumps(text)[1:-1] if connection.vendor == "sqlite" else text
    names = Q(object_name__icontains=text) | Q(person_name__icontains=text) | Q(action__icontains=text)
    return names | Q(request_id=text) | Q(after__icontains=written) | Q(before__icontains=written)


def _wrong(name: str, message: str) -> ProjectError:
    return ProjectError("invalid_filter", message, 400, field=f"/{name}")
