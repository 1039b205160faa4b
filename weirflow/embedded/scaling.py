"""Requests for the `scale` subresource: a write of the object itself, answered as its Scale."""

from __future__ import annotations

from weirflow.embedded.errors import not_found, unsupported_media_type
from weirflow.embedded.kinds import Kind
from weirflow.embedded.messages import PATCHES, Answer, Request
from weirflow.embedded.options import dry_run, manager_of
from weirflow.embedded.patches import JSON_PATCH, MERGE, apply_json_patch, merge
from weirflow.embedded.records import Record
from weirflow.embedded.routes import Target
from weirflow.embedded.scales import scaled, shown
from weirflow.embedded.steps import Author
from weirflow.embedded.store import Store
from weirflow.embedded.versions import as_served
from weirflow.embedded.writes import Writer


def read(kind: Kind, record: Record) -> Answer:
    """The Scale of a stored object."""
    return Answer.of(shown(kind, as_served(kind, record).parse()))


def answer(verb: str, target: Target, request: Request, store: Store, writer: Writer) -> Answer:
    """Update or patch it. Raises ApiError."""
    kind, options = target.kind, "PatchOptions" if verb == "patch" else "UpdateOptions"
    record = store.head(kind.qualified, target.namespace, target.name)
    if record is None:
        raise not_found(kind, target.name)
    value = as_served(kind, record).parse()
    if verb != "patch":
        body = request.json()
    elif request.media in (MERGE, JSON_PATCH):
        patch, now = request.patch(PATCHES[kind.builtin]), shown(kind, value)
        body = merge(now, patch) if request.media == MERGE else apply_json_patch(now, patch)
    else:
        raise unsupported_media_type([JSON_PATCH, MERGE])
    author, rehearsal = Author(request.role, manager_of(request, options)), dry_run(request.query, options)
    made = scaled(kind, target.name, value, body)
    written = writer.update(kind, target.namespace, target.name, "", made, author, dry_run=rehearsal)
    assert written.record is not None
    answered = shown(kind, as_served(kind, written.record).parse())
    return Answer.of(answered, written.status, written.ticket)
