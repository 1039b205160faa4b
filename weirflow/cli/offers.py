"""The components that a cluster's modules announce, or that a package has, in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.nearest import SHOWN, nearest, perhaps

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient
    from weirflow.kube.resources import Object
    from weirflow.spec import Module

Offer = dict[str, Any]
"""``{module, version, name, title, description, info, category, tags, available, ports[{name, label, direction,
schema}]}``, `available` null where nobody was asked."""


def of_package(module: Module) -> list[Offer]:
    """The components of an imported module."""
    from weirflow.runtime.status import component_status

    return [_offer(module.name, module.version, component_status(spec), None) for spec in module.components.values()]


async def of_cluster(cluster: ClusterClient) -> list[Offer]:
    """What all TinyModules announce, by module and name."""
    from weirflow.cli.hosts import peers_of
    from weirflow.kube.client import list_all
    from weirflow.kube.resources import TINY_MODULE

    modules, _ = await list_all(cluster, TINY_MODULE)
    served = (await peers_of(cluster)).available()
    found = []
    for module in modules:
        status, name = module.get("status") or {}, module["metadata"]["name"]
        for entry in status.get("components") or ():
            found.append(_offer(name, str(status.get("version") or ""), entry, name in served))
    return sorted(found, key=lambda offer: (offer["module"], offer["name"]))


def pick(offers: list[Offer], wanted: str) -> Offer:
    """The component ``wanted``: its name, ``module/name``, or its title. Raises ``Failure``."""
    module, _, name = wanted.rpartition("/")
    fold = name.casefold().replace("-", "_")
    fitting = [
        offer
        for offer in offers
        if module in ("", offer["module"]) and (fold == offer["name"] or name.casefold() == offer["title"].casefold())
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = [f"{offer['module']}/{offer['name']}" for offer in fitting]
        text = f"{len(names)} modules have a component {wanted!r}; say which: {', '.join(names)}"
        raise Failure(text, code="ambiguous", exit=Exit.USAGE, components=names)
    if module and any(offer["name"] == fold for offer in offers):
        # It is the module that is wrong.
        close = [f"{offer['module']}/{offer['name']}" for offer in offers if offer["name"] == fold][:SHOWN]
    else:
        close = nearest(name, {offer["name"]: (offer["title"], *offer["tags"]) for offer in offers})
    hint = perhaps(close) or "; weirflow components lists them"
    text = f"there is no component {wanted!r}{hint}"
    raise Failure(text, code="no_component", exit=Exit.MISSING, suggestions=close)


def _offer(module: str, version: str, entry: Object, available: bool | None) -> Offer:
    from weirflow.kube.resources import decode_json

    return {
        "module": module,
        "version": version,
        "name": str(entry.get("name") or ""),
        "title": str(entry.get("title") or entry.get("name") or ""),
        "description": str(entry.get("description") or ""),
        "info": str(entry.get("info") or ""),
        "category": str(entry.get("category") or ""),
        "tags": [str(tag) for tag in entry.get("tags") or ()],
        "available": available,
        "ports": [
            {
                "name": port["name"],
                "label": port.get("label") or port["name"],
                "direction": _direction(port),
                "schema": decode_json(port.get("schema")) or {},
            }
            for port in entry.get("ports") or ()
        ],
    }


def _direction(port: Object) -> str:
    if port["name"].startswith("_"):
        return {"_settings": "settings", "_control": "control"}.get(port["name"], "system")
    return "output" if port.get("source") else "input"
