"""`weirflow components` and `weirflow schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from weirflow.cli import complete
from weirflow.cli.command import command
from weirflow.cli.out import Out, styled, table
from weirflow.cli.where import KUBECONFIG_HELP

PACKAGE_OPTION = "Those of a package or folder, without asking a cluster (`.` is the one here)."


def offers_of(package: str | None, kubeconfig: Path | None) -> list[dict[str, Any]]:
    """The components of a package, else those of the cluster. Raises ``Failure``."""
    from weirflow.cli import offers

    if package is not None:
        from weirflow.cli.package import find_package, load_module

        return offers.of_package(load_module(find_package(None if package == "." else package)))
    from weirflow.cli.cluster import in_cluster
    from weirflow.cli.where import find_cluster

    return in_cluster(find_cluster(kubeconfig), offers.of_cluster)


@command("components", help="List the components that the modules of the cluster offer, or those of a package.")
@click.argument("words", nargs=-1, shell_complete=complete.components)
@click.option("--package", shell_complete=complete.packages, help=PACKAGE_OPTION)
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def components(out: Out, words: tuple[str, ...], package: str | None, kubeconfig: Path | None) -> None:
    """Those that have every word somewhere in name, title, tags or description."""
    found = [offer for offer in offers_of(package, kubeconfig) if _has(offer, words)]
    rows = [
        (
            f"{offer['module']}/{offer['name']}",
            offer["title"],
            "not running" if offer["available"] is False else offer["version"],
            offer["description"],
        )
        for offer in found
    ]
    keys = ("module", "version", "name", "title", "description", "category", "tags", "available")
    document = {"components": [{key: offer[key] for key in keys} for offer in found]}
    text = table(rows, ("COMPONENT", "TITLE", "VERSION", "WHAT IT DOES")) if rows else "no component has these words"
    out.answer(document, text if found or words else "no module has announced a component yet; weirflow run serves one")


@command("schema", help="Show a component's ports with their JSON Schemas, and its documentation.")
@click.argument("component", shell_complete=complete.components)
@click.option(
    "--port", shell_complete=complete.ports_of_component, help="Only the schema of this port, as JSON Schema."
)
@click.option("--package", shell_complete=complete.packages, help=PACKAGE_OPTION)
@click.option("--kubeconfig", type=click.Path(path_type=Path), help=KUBECONFIG_HELP)
def schema(out: Out, component: str, port: str | None, package: str | None, kubeconfig: Path | None) -> None:
    """Of one component, whole."""
    from weirflow.cli.failures import Exit, Failure
    from weirflow.cli.nearest import nearest, perhaps
    from weirflow.cli.offers import pick

    offer = pick(offers_of(package, kubeconfig), component)
    if port is not None:
        ports = {one["name"]: one["schema"] for one in offer["ports"]}
        if port not in ports:
            close = nearest(port, list(ports))
            text = f"{offer['name']} has no port {port!r}{perhaps(close) or '; it has ' + ', '.join(ports)}"
            raise Failure(text, code="no_port", exit=Exit.MISSING, suggestions=close)
        out.answer(ports[port], json.dumps(ports[port], indent=2, ensure_ascii=False))
        return
    lines = [styled(f"{offer['title']}  {offer['module']}/{offer['name']} {offer['version']}", "bold")]
    lines += ["", offer["info"].strip() or offer["description"]]
    for one in offer["ports"]:
        lines += ["", styled(f"{one['direction']} {one['name']}", "bold"), *_fields(one["schema"])]
    out.answer(offer, "\n".join(lines))


def _has(offer: dict[str, Any], words: tuple[str, ...]) -> bool:
    text = " ".join([offer["module"], offer["name"], offer["title"], offer["description"], *offer["tags"]]).casefold()
    return all(word.casefold() in text for word in words)


def _fields(schema: dict[str, Any]) -> list[str]:
    """Each field of a schema on a line; deeper ones are in the JSON form."""
    schema = _resolved(schema, schema)
    properties = schema.get("properties") or {}
    if not properties:
        return ["  anything" if not schema or "type" not in schema else f"  {_type(schema)}"]
    required = set(schema.get("required") or ())
    rows = []
    for name, field in properties.items():
        field = {**_resolved(field, schema), **{key: value for key, value in field.items() if key != "$ref"}}
        default = (
            "required" if name in required else f"default {json.dumps(field['default'])}" if "default" in field else ""
        )
        rows.append((f"  {name}", _type(field), default, str(field.get("description") or field.get("title") or "")))
    return table(rows).splitlines()


def _resolved(field: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = str(field.get("$ref") or "")
    found = (root.get("$defs") or {}).get(reference.rpartition("/")[2]) if reference else None
    return {**found, "$defs": root.get("$defs", {})} if isinstance(found, dict) else field


def _type(field: dict[str, Any]) -> str:
    if field.get("format") == "button":
        return "button"
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    kinds = [str(one.get("type") or "object") for one in field.get("anyOf") or () if isinstance(one, dict)]
    kind = field.get("type") or " | ".join(kinds) or "any"
    return str(kind) if not isinstance(kind, list) else " | ".join(map(str, kind))
