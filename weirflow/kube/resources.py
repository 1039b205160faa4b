"""The kinds Weirflow reads and writes, and the names, labels and encodings they share with their other users."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from weirflow.json_bytes import json_bytes

Object = dict[str, Any]
"""A Kubernetes object as it stands on the wire: decoded JSON, never a model class."""

#: Of a number in an annotation. Longer ones are nobody's, and from 4,300 on Python refuses to read them.
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of the API: where it lives in the URL and what it is called in a body."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace: str, name: str = "", subresource: str = "") -> str:
        """URL path of the collection, of one object, or of its subresource."""
        parts = [f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"]
        if self.namespaced:
            parts += ["namespaces", namespace]
        parts.append(self.plural)
        if name:
            parts.append(name)
        if subresource:
            parts.append(subresource)
        return "/".join(parts)

    def new(self, name: str, **fields: Any) -> Object:
        """A fresh object of this kind with the given top-level fields beside ``metadata.name``."""
        metadata = {"name": name, **fields.pop("metadata", {})}
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": metadata, **fields}


TINY_GROUP = "operator.tinysystems.io"
TINY_VERSION = "v1alpha1"

TINY_PROJECT = Resource(TINY_GROUP, TINY_VERSION, "tinyprojects", "TinyProject")
TINY_FLOW = Resource(TINY_GROUP, TINY_VERSION, "tinyflows", "TinyFlow")
TINY_NODE = Resource(TINY_GROUP, TINY_VERSION, "tinynodes", "TinyNode")
TINY_MODULE = Resource(TINY_GROUP, TINY_VERSION, "tinymodules", "TinyModule")
TINY_SIGNAL = Resource(TINY_GROUP, TINY_VERSION, "tinysignals", "TinySignal")
TINY_BATCH = Resource(TINY_GROUP, TINY_VERSION, "tinybatches", "TinyBatch")
TINY_SCENARIO = Resource(TINY_GROUP, TINY_VERSION, "tinyscenarios", "TinyScenario")
TINY_WIDGET_PAGE = Resource(TINY_GROUP, TINY_VERSION, "tinywidgetpages", "TinyWidgetPage")

LEASE = Resource("coordination.k8s.io", "v1", "leases", "Lease")
SECRET = Resource("", "v1", "secrets", "Secret")
EVENT = Resource("", "v1", "events", "Event")

MANAGED_BY = {"app.kubernetes.io/managed-by": "weirflow"}
LABEL_PROJECT = "tinysystems.io/project-name"
LABEL_HOST = "weirflow.io/host"
LABEL_LOCK = "weirflow.io/lock"
LABEL_BATCH = "weirflow.io/batch"
"""On a TinyBatch: a hash of the node it belongs to."""
LABEL_FLOW = "tinysystems.io/flow-name"
LABEL_SECRETS_OF = "weirflow.io/project"
"""On a Secret: the one TinyProject, by name, whose nodes may use it."""
LABEL_SECRET = "weirflow.io/secret"  # noqa: S105 its name
"""On a Secret: what references call it, where that is not its own name."""
ANNOTATION_PROJECT_TITLE = "tinysystems.io/project-name"
ANNOTATION_FLOW_TITLE = "tinysystems.io/flow-description"
ANNOTATION_SCENARIO_NAME = "tinysystems.io/scenario-name"
ANNOTATION_PAGE_TITLE = "tinysystems.io/page-name"
ANNOTATION_PAGE_POSITION = "tinysystems.io/page-sort-idx"
ANNOTATION_OUTBOUND = "weirflow.io/outbound"
ANNOTATION_OPERATORS = "weirflow.io/operators"
ANNOTATION_POSITION_X = "tinysystems.io/component-pos-x"
ANNOTATION_POSITION_Y = "tinysystems.io/component-pos-y"
ANNOTATION_NODE_LABEL = "tinysystems.io/node-label"
ANNOTATION_NODE_COMMENT = "tinysystems.io/node-comment"
ANNOTATION_SHARED = "tinysystems.io/shared-with-flows"
ANNOTATION_REV = "weirflow.io/rev"
ANNOTATION_RESTORE = "weirflow.io/restore"
ANNOTATION_EPOCH = "weirflow.io/epoch"
ANNOTATION_LOCK = "weirflow.io/lock"
ANNOTATION_LOCK_TOKEN = "weirflow.io/lock-token"  # noqa: S105 its name
ANNOTATION_ADDRESS = "weirflow.io/address"
ANNOTATION_MESSAGES = "weirflow.io/messages"
ANNOTATION_MODULES = "weirflow.io/modules"
ANNOTATION_POD = "weirflow.io/pod"
ANNOTATION_BY_HAND = "weirflow.io/by-hand"
ANNOTATION_OPERATION_ID = "weirflow.io/operation-id"
ANNOTATION_BY = "weirflow.io/by"

LINK_SECRET = "weirflow-link"  # noqa: S105 the Secret's name, not its content
STATE_KEYS_SECRET = "weirflow-state-keys"  # noqa: S105

_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_SANITIZED_LENGTH = 48


def sanitize(text: str) -> str:
    """``text`` as a part of a resource name: lower-case, runs of other characters as one dash, the last 48 kept."""
    return _NOT_ALPHANUMERIC.sub("-", text.lower())[-_SANITIZED_LENGTH:].strip("-")


def node_name(project: str, module: str, component: str, node_id: str) -> str:
    """Resource name of a TinyNode; fixed at creation, its second part says which module serves it."""
    return f"{project}.{module}.{component.replace('_', '-')}-{node_id}"


def module_of(name: str) -> str:
    """The module in a TinyNode's resource name, or the empty string when the name has no such part."""
    parts = name.split(".")
    return parts[1] if len(parts) >= 3 else ""


def project_of(name: str) -> str:
    """The project in a TinyNode's resource name: its first part."""
    return name.partition(".")[0]


def split_port(address: str) -> tuple[str, str]:
    """``<node name>:<port>`` as its two parts; the port is empty when the colon is missing."""
    node, _, port = address.partition(":")
    return node, port


def decimal(annotations: Mapping[str, str], key: str) -> int:
    """The number in an annotation; 0 where none stands there that we could have written."""
    text = annotations.get(key, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else 0


def encode_json(value: Any) -> str:
    """``value`` as base64 JSON, the form of every ``configuration``, ``schema`` and ``data`` field."""
    return base64.b64encode(json_bytes(value)).decode("ascii")


def decode_json(text: str | None) -> Any:
    """The value of a base64 JSON field; ``None`` when the field is absent or empty.

    Raises ``ValueError`` when the text is not base64 or not JSON.
    """
    if not text:
        return None
    return orjson.loads(base64.b64decode(text, validate=True))
