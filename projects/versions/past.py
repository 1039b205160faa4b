"""What a reference to a state of a flow stands for: `now`, `r<revision>`, or the id of a named version."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from projects.errors import ProjectError
from projects.history.document import Document, unpack
from projects.history.replay import replay
from projects.history.snapshots import snapshot_now
from projects.models import Flow, Version

_REVISION = re.compile(r"^r([0-9]{1,18})$")


@dataclass(frozen=True, slots=True)
class Past:
    """A state of a flow: as of its change `rev`, under the words that people know it by."""

    ref: str
    rev: int
    name: str
    document: Document
    version: Version | None = None

    def as_head(self) -> dict[str, Any]:
        """Without what is in it."""
        return {"ref": self.ref, "rev": self.rev, "name": self.name}


def past_of(flow: Flow, ref: str) -> Past:
    """Raises ProjectError 404 for what there is not, or not any more."""
    if ref == "now":
        return now_of(flow)
    if found := _REVISION.match(ref):
        rev = int(found[1])
        if rev > flow.rev:
            message = f"The flow is at revision {flow.rev}: {rev} is still to come."
            raise ProjectError("unknown_revision", message, 404)
        return Past(ref, rev, f"Revision {rev}", replay(flow, rev))
    version = version_of(flow, ref)
    return Past(ref, version.snapshot.rev, version.name, unpack(version.snapshot.document), version)


def now_of(flow: Flow) -> Past:
    """The flow as of the revision that was read of it: from the log, so that nobody has to wait while it is read."""
    try:
        return Past("now", flow.rev, "Now", replay(flow, flow.rev))
    except ProjectError:
        # Its log was cut before there were snapshots.
        snapshot = snapshot_now(flow)
        if snapshot is None:
            raise too_large(flow) from None
        return Past("now", snapshot.rev, "Now", unpack(snapshot.document))


def version_of(flow: Flow, ref: str) -> Version:
    """The named version with this id, with its snapshot and author; ProjectError 404 when there is none."""
    try:
        pk = uuid.UUID(ref)
    except ValueError:
        pk = None
    versions = Version.objects.select_related("snapshot", "author")
    found = versions.filter(flow=flow, pk=pk).first() if pk else None
    if found is None:
        raise ProjectError("unknown_version", "This version is not there any more: look at the list again.", 404)
    return found


def too_large(flow: Flow) -> ProjectError:
    """For a flow that snapshots cannot be made of."""
    message = f"The flow {flow.name} holds more than 64 MiB of settings: versions cannot be kept of it."
    return ProjectError("flow_too_large", message, 413)
