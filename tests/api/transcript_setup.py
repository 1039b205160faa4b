"""The requests around the recorded ones that the recording itself leaves out."""

from __future__ import annotations

from typing import Any

Step = tuple[str, str, dict[str, Any] | None]
WIDGETS = "/apis/example.weirflow.dev/v1/namespaces/{}/widgets"
HOLD = "example.weirflow.dev/hold"


def namespace(name: str, **labels: str) -> Step:
    return "POST", "/api/v1/namespaces", {"metadata": {"name": name, **({"labels": labels} if labels else {})}}


def widget(name: str, where: str = "rec-a", model: str = "alpha", held: bool = False, **labels: str) -> Step:
    metadata: dict[str, Any] = {"name": name}
    if labels:
        metadata["labels"] = labels
    if held:
        metadata["finalizers"] = [HOLD]
    body = {"apiVersion": "example.weirflow.dev/v1", "kind": "Widget", "metadata": metadata, "spec": {"model": model}}
    return "POST", WIDGETS.format(where), body


def config_map(name: str, where: str, **data: str) -> Step:
    return "POST", f"/api/v1/namespaces/{where}/configmaps", {"metadata": {"name": name}, "data": data}


def patch_widget(name: str, body: dict[str, Any], where: str = "rec-a") -> Step:
    return "PATCH", f"{WIDGETS.format(where)}/{name}", body


def delete_widget(name: str) -> Step:
    return "DELETE", f"{WIDGETS.format('rec-a')}/{name}", None


FREE = {"metadata": {"finalizers": None}}
YAML_WIDGET = {
    "apiVersion": "example.weirflow.dev/v1",
    "kind": "Widget",
    "metadata": {"name": "w-yaml"},
    "spec": {"model": "alpha", "port": "http"},
}

BEFORE: dict[str, list[Step]] = {
    "create-01": [namespace("rec-b", rec="1")],
    "create-28": [("POST", WIDGETS.format("rec-a"), YAML_WIDGET)],
    "list-01": [
        widget("b1", "rec-b", "beta", app="y"),
        widget("x2", app="y", tier="2"),
        widget("x3", app="y", tier="3"),
        widget("x4", app="y", tier="4"),
    ],
    "list-02": [config_map("c1", "rec-b", a="1")],
    "page-02": [widget("x9")],
    "del-01": [*(widget(f"d{number}") for number in range(1, 6)), widget("d6", held=True)],
    "fin-01": [widget("f1", held=True), widget("f2", held=True)],
    "fin-10": [delete_widget("f2")],
    "dc-01": [*(widget(f"dc{number}", dc="1") for number in range(3)), widget("dc9", held=True, dc="1")],
    "watch-04": [widget("sel1")],
    "fin-11": [widget("s1")],
    "crd-05": [patch_widget(name, FREE) for name in ("d6", "dc9")],
    "crd-09": [patch_widget("w2", FREE)],
    "ns-06": [namespace("rec-t", rec="1"), config_map("inside", "rec-t", a="1")],
}
"""Requests to send just before an exchange."""

WHILE_OPEN: dict[str, list[Step]] = {
    "watch-05": [widget("bm"), delete_widget("bm")],
    "watch-16": [patch_widget("b1", {"spec": {"size": 3}}, "rec-b")],
    "watch-19": [
        widget("wf", held=True),
        delete_widget("wf"),
        patch_widget("wf", {"metadata": {"finalizers": None}}),
    ],
    "watch-23": [
        config_map("wcm", "rec-a", a="1"),
        ("DELETE", "/api/v1/namespaces/rec-a/configmaps/wcm", None),
    ],
    "watch-24": [widget("k1", k="1"), widget("k2", k="1"), delete_widget("k1"), delete_widget("k2")],
}
"""Requests to send while a watch is open."""
