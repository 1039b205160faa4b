"""A request and its answer, free of any transport."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from weirflow.embedded.errors import ApiError, PageNotFound, bad_request, unsupported_media_type
from weirflow.embedded.patches import APPLY, JSON_PATCH, MERGE, STRATEGIC
from weirflow.embedded.protobuf import PROTOBUF_TYPE, read_protobuf
from weirflow.embedded.watching import WatchStream
from weirflow.embedded.yamls import read_yaml

JSON_TYPE = "application/json"
YAML_TYPE = "application/yaml"
BODY_BYTES = 3 * 1024 * 1024
"""Most bytes of a request's body."""
OpenStream = Callable[[Callable[[], None]], WatchStream]


@dataclass(slots=True)
class Request:
    """What a client asks, as one of the roles of `access`."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    role: str = "anonymous"
    body: bytes = b""
    content_type: str = ""
    accept: str = ""
    address: str = "127.0.0.1"
    agent: str = ""
    """The User-Agent: whoever names no field manager owns fields under its first word."""

    def json(self) -> Any:
        """The body of a create, update or delete; None when it is empty."""
        if self.media == PROTOBUF_TYPE:
            return read_protobuf(self.body) if self.body else None
        if self.media not in ("", JSON_TYPE, YAML_TYPE):
            raise unsupported_media_type([JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE])
        return self._parse() if self.body else None

    def object(self, kind: str) -> dict[str, Any]:
        """The body of a create or update."""
        body = self.json()
        if not isinstance(body, dict):
            raise bad_request(f"the object provided is unrecognized (must be of type {kind}): no JSON object")
        return body

    def patch(self, accepted: list[str]) -> Any:
        """The body of a patch in one of the accepted forms."""
        if self.media not in accepted:
            raise unsupported_media_type(accepted)
        return self._parse()

    @property
    def media(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    def _parse(self) -> Any:
        # JSON is YAML too, and what nearly all clients send where YAML may stand.
        if self.media in (YAML_TYPE, APPLY) and self.body.lstrip()[:1] != b"{":
            return read_yaml(self.body)
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"the object provided is unrecognized: json parse error: {error}") from None


PATCHES = {True: [JSON_PATCH, MERGE, STRATEGIC, APPLY], False: [JSON_PATCH, MERGE, APPLY]}
"""Patch forms by whether the kind is built-in: only those have the structure a strategic merge needs."""


@dataclass(slots=True)
class Answer:
    """What to send. With a `ticket`: once that is done, and its failure instead if it fails. With `open`: a watch."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    ticket: asyncio.Future[None] | None = None
    open: OpenStream | None = None
    warnings: tuple[str, ...] = ()
    """What the client is told beside the answer."""

    @classmethod
    def of(cls, value: Any, status: int = 200, ticket: asyncio.Future[None] | None = None) -> Answer:
        return cls(status, orjson.dumps(value) + b"\n", ticket=ticket)

    @classmethod
    def failure(cls, error: ApiError) -> Answer:
        if isinstance(error, PageNotFound):
            return cls(404, error.text, "text/plain; charset=utf-8")
        return cls.of(error.body, error.status)
