"""The eight kinds of Tiny Systems as CustomResourceDefinitions: the same on the embedded cluster and on any other."""

from typing import Any

from weirflow.kube.resources import MANAGED_BY, TINY_GROUP, TINY_VERSION

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
BYTES: Schema = {"type": "string", "format": "byte"}


def _object(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object of known fields that keeps unknown ones: newer writers may add to it."""
    schema: Schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": properties}
    return {**schema, "required": list(required)} if required else schema


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _map(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item}


PORT_STATUS = _object(
    ("name",), name=TEXT, label=TEXT, position={"type": "integer", "minimum": 0, "maximum": 3}, source=FLAG,
    schema=BYTES, configuration=BYTES,
)  # fmt: skip
PROBLEM = _object(code=TEXT, message=TEXT, field=TEXT, edge=TEXT, node=TEXT)
COMPONENT = _object(("name",), name=TEXT, description=TEXT, info=TEXT, tags=_list(TEXT), ports=_list(PORT_STATUS))

TINY: dict[str, tuple[str, Schema, Schema, list[tuple[str, str]]]] = {
    "TinyProject": (
        "A project: a set of flows.",
        _object(description=TEXT),
        _object(),
        [("Title", r".metadata.annotations.tinysystems\.io/project-name")],
    ),
    "TinyFlow": (
        "A flow: nodes that send messages to each other.",
        _object(),
        _object(),
        [
            ("Title", r".metadata.annotations.tinysystems\.io/flow-description"),
            ("Project", r".metadata.labels.tinysystems\.io/project-name"),
        ],
    ),
    "TinyNode": (
        "A node of a flow: one instance of a component.",
        _object(
            ("module", "component"), module=TEXT, component=TEXT,
            ports=_list(_object(
                ("port",), **{"from": TEXT}, port=TEXT, configuration=BYTES, schema=BYTES, flowID=TEXT,
            )),
            edges=_list(_object(
                ("id", "port", "to"), id=TEXT, port=TEXT, to=TEXT, flowID=TEXT, timeoutMs=NUMBER, retryPolicy=_object(),
            )),
        ),
        _object(
            observedGeneration=NUMBER, module=_object(name=TEXT, version=TEXT, sdkVersion=TEXT),
            component=_object(description=TEXT, info=TEXT, tags=_list(TEXT)), ports=_list(PORT_STATUS), status=TEXT,
            error=FLAG, metadata=_map(TEXT), lastUpdateTime={"type": "string", "format": "date-time"},
            edges=_list(_object(("id",), id=TEXT, error=TEXT)), problem=PROBLEM,
        ),
        [
            ("Module", ".spec.module"),
            ("Component", ".spec.component"),
            ("Flow", r".metadata.labels.tinysystems\.io/flow-name"),
            ("Status", ".status.status"),
        ],
    ),
    "TinyModule": (
        "A module that is running: its address and its components.",
        _object(image=TEXT),
        _object(addr=TEXT, name=TEXT, version=TEXT, sdkVersion=TEXT, signals=FLAG, components=_list(COMPONENT)),
        [("Version", ".status.version"), ("SDK", ".status.sdkVersion"), ("Address", ".status.addr")],
    ),
    "TinySignal": (
        "A message to one port of a node, sent once.",
        _object(("node", "port"), node=TEXT, port=TEXT, data=BYTES),
        _object(error=TEXT, problem=PROBLEM),
        [("Node", ".spec.node"), ("Port", ".spec.port"), ("Error", ".status.error")],
    ),
    "TinyBatch": (
        "What a node keeps beside its state, and its state names.",
        _object(("node", "data"), node=TEXT, epoch=NUMBER, data=BYTES),
        _object(),
        [("Node", ".spec.node")],
    ),
    "TinyScenario": (
        "Sample messages to try a flow with.",
        _object(ports=_list(_object(("port",), port=TEXT, data=BYTES))),
        _object(),
        [],
    ),
    "TinyWidgetPage": (
        "A page of widgets.",
        _object(widgets=_list(_object(
            ("port",), port=TEXT, name=TEXT, schemaPatch=BYTES, gridX=NUMBER, gridY=NUMBER, gridW=NUMBER, gridH=NUMBER,
        ))),
        _object(),
        [],
    ),
}  # fmt: skip


def tiny_definitions() -> list[dict[str, Any]]:
    """The Tiny Systems resources as CustomResourceDefinitions, ready to be created."""
    return [_definition(kind, *parts) for kind, parts in TINY.items()]


def plural_of(kind: str) -> str:
    """What a kind of ours is called in paths and rules."""
    return f"{kind.lower()}es" if kind.endswith("h") else f"{kind.lower()}s"


def _definition(kind: str, about: str, spec: Schema, status: Schema, columns: list[tuple[str, str]]) -> dict[str, Any]:
    singular, plural = kind.lower(), plural_of(kind)
    shown_columns = [{"name": name, "type": "string", "jsonPath": path} for name, path in columns]
    age_column = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}
    version = {
        "name": TINY_VERSION,
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "additionalPrinterColumns": [*shown_columns, age_column],
        "schema": {
            "openAPIV3Schema": {
                "type": "object",
                "description": about,
                "properties": {"spec": spec, "status": status},
            }
        },
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{TINY_GROUP}", "labels": dict(MANAGED_BY)},
        "spec": {
            "group": TINY_GROUP,
            "scope": "Namespaced",
            "names": {"plural": plural, "singular": singular, "kind": kind, "listKind": f"{kind}List"},
            "versions": [version],
        },
    }
