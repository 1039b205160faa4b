"""The editor's HTTP API (docs/protocols.md section 4)."""

from editor.api import (
    catalogue,
    changes,
    code_right,
    comments,
    contents,
    controls,
    exchange,
    find,
    flows,
    mappings,
    members,
    outbound,
    pages,
    projects,
    record,
    runs,
    scenarios,
    secrets,
    stacks,
    states,
    tests,
    validation,
    versions,
)
from editor.api.auth import BearerAuth, SessionAuth, ShareAuth
from editor.api.described import Api
from editor.api.errors import install_error_handlers
from editor.api.repeated import answered_once

api = Api(
    title="Weirflow",
    version="1",
    description="What the editor does with projects, flows and pages. Whatever changes something takes the header "
    "Idempotency-Key; what is answered with an ETag takes If-Match.",
    auth=[ShareAuth(), BearerAuth(), SessionAuth()],
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
install_error_handlers(api)
# Edits first: addresses are tried in this order.
for group in (
    changes,
    flows,
    contents,
    find,
    comments,
    catalogue,
    controls,
    pages,
    validation,
    mappings,
    runs,
    stacks,
    scenarios,
    tests,
    secrets,
    states,
    record,
    versions,
    exchange,
    projects,
    members,
    outbound,
    code_right,
):
    group.router.add_decorator(answered_once)
    api.add_router("", group.router)
