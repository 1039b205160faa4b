"""What is around a message: four bytes that say what it is, then the kind, then the message's bytes."""

from __future__ import annotations

from typing import Any

from weirflow.embedded.errors import ApiError, bad_request
from weirflow.embedded.protobuf.messages import MESSAGES
from weirflow.embedded.protobuf.reading import TEXT, Field, Message, read
from weirflow.embedded.protobuf.wire import Malformed, fields

PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf"
MAGIC = b"k8s\x00"
TYPE = Message({1: Field("apiVersion", TEXT), 2: Field("kind", TEXT)})


def read_protobuf(raw: bytes) -> dict[str, Any]:
    """The object as JSON. Raises ApiError: 400 for what is none, 415 for a kind that is only known as JSON."""
    if not raw.startswith(MAGIC):
        raise bad_request("the object provided is unrecognized: it does not begin as Kubernetes' protobuf does")
    try:
        parts = dict(fields(raw[len(MAGIC) :]))
        head, body = parts.get(1, b""), parts.get(2, b"")
        if not isinstance(head, bytes) or not isinstance(body, bytes):
            raise Malformed("its type or content is a number")
        said = read(TYPE, head)
        message = MESSAGES.get(said.get("kind", ""))
        # Events have other numbers there.
        if message is None or said.get("apiVersion", "").startswith("events.k8s.io/"):
            text = f"{said.get('kind') or 'this kind'} cannot be sent in protobuf: send application/json"
            raise ApiError(415, "UnsupportedMediaType", text)
        value = read(message, body)
    except Malformed as error:
        raise bad_request(f"the object provided is unrecognized: {error}") from None
    return {**said, **value}
