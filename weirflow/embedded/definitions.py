"""CustomResourceDefinitions: checked, and read into a Kind."""

from __future__ import annotations

import re

from weirflow.embedded.errors import Cause
from weirflow.embedded.kinds import Column, JsonObject, Kind
from weirflow.embedded.metadata import now
from weirflow.embedded.scales import check, paths_of
from weirflow.embedded.schema import Schema, shown
from weirflow.embedded.tables import age, as_text, at, json_path

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
DEFAULT_DESCRIPTION = "Custom resource definition column (in JSONPath format): "


CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""The finalizer of a definition whose instances have to go first."""


def definition_kind() -> Kind:
    """The kind CustomResourceDefinition itself."""
    return Kind(
        "apiextensions.k8s.io", "v1", "customresourcedefinitions", "", "CustomResourceDefinition", namespaced=False,
        short_names=("crd", "crds"), has_status=True, has_generation=True, collection_delete=False,
        prepare=prepare_definition,
        columns=(Column("Created At", "string", at("metadata.creationTimestamp"), "When it was created."),),
    )  # fmt: skip


def prepare_definition(new: JsonObject, _old: JsonObject | None) -> list[Cause]:
    """Check a definition and mark it as served. Only what this cluster needs of the rules is checked."""
    try:
        causes = _check_definition(new)
        if not causes:
            kinds_of(new)  # what is stored must be servable: it is read again after the commit
    except (AttributeError, KeyError, TypeError, ValueError, re.error) as error:
        text = f"Invalid value: the definition cannot be read: {type(error).__name__}: {error}"
        return [Cause("spec", "FieldValueInvalid", text)]
    return causes


def _check_definition(new: JsonObject) -> list[Cause]:
    spec = new.get("spec")
    causes: list[Cause] = []
    if not isinstance(spec, dict):
        return [Cause("spec", "FieldValueRequired", "Required value")]
    names = spec.get("names") or {}
    causes.extend(
        Cause(f"spec.{field}", "FieldValueRequired", "Required value")
        for field, value in (
            ("group", spec.get("group")),
            ("names.plural", names.get("plural")),
            ("names.kind", names.get("kind")),
            ("versions", spec.get("versions")),
        )
        if not value
    )
    if causes:
        return causes
    name = new["metadata"].get("name", "")
    if name != f"{names['plural']}.{spec['group']}":
        text = f'Invalid value: {shown(name)}: must be spec.names.plural+"."+spec.group'
        causes.append(Cause("metadata.name", "FieldValueInvalid", text))
    for index, version in enumerate(spec["versions"]):
        if (scale := (version.get("subresources") or {}).get("scale")) is not None:
            causes.extend(check(scale, f"spec.versions[{index}].subresources.scale"))
        source = (version.get("schema") or {}).get("openAPIV3Schema")
        if not isinstance(source, dict):
            field = "spec.versions[].schema.openAPIV3Schema"
            causes.append(Cause(field, "FieldValueRequired", "Required value: schemas are required"))
        else:
            _check_structural(source, "spec.validation.openAPIV3Schema", causes)
    names.setdefault("singular", names["kind"].lower())
    names.setdefault("listKind", names["kind"] + "List")
    spec.setdefault("scope", "Namespaced")
    if not causes:
        _mark_served(new, names, [version["name"] for version in spec["versions"] if version.get("storage")])
    return causes


def _mark_served(new: JsonObject, names: JsonObject, stored: list[str]) -> None:
    status = new.get("status") or {}
    if not status.get("conditions"):
        status["conditions"] = [
            {"type": kind, "status": "True", "lastTransitionTime": now(), "reason": reason, "message": message}
            for kind, reason, message in (
                ("NamesAccepted", "NoConflicts", "no conflicts found"),
                ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
            )
        ]
    status["acceptedNames"] = dict(names)
    status["storedVersions"] = stored
    new["status"] = status


def terminate(definition: JsonObject) -> None:
    """Mark a definition as going, once its instances have gone."""
    metadata, status = definition["metadata"], definition.setdefault("status", {})
    metadata["deletionTimestamp"] = now()
    metadata["finalizers"] = [*(name for name in metadata.get("finalizers") or [] if name != CLEANUP), CLEANUP]
    kept = [one for one in status.get("conditions") or [] if one["type"] != "Terminating"]
    message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
    going = {"type": "Terminating", "status": "True", "reason": "InstanceDeletionPending", "message": message}
    status["conditions"] = [*kept, {**going, "lastTransitionTime": now()}]


def _check_structural(source: JsonObject, path: str, causes: list[Cause]) -> None:
    for name, child in source.get("properties", {}).items():
        where = f"{path}.properties[{name}]"
        untyped = not child.get("type") and not child.get("x-kubernetes-int-or-string")
        if untyped and not child.get("x-kubernetes-preserve-unknown-fields"):
            text = "Required value: must not be empty for specified object fields"
            causes.append(Cause(f"{where}.type", "FieldValueRequired", text))
        _check_structural(child, where, causes)
    if isinstance(source.get("items"), dict):
        _check_structural(source["items"], f"{path}.items", causes)


def kinds_of(definition: JsonObject) -> list[Kind]:
    """The kinds a stored definition serves, one for each served version."""
    terminating = "deletionTimestamp" in definition["metadata"]
    several = sum(bool(version.get("served")) for version in definition["spec"]["versions"]) > 1
    spec = definition["spec"]
    names = spec["names"]
    return [
        Kind(
            spec["group"], version["name"], names["plural"], names["singular"], names["kind"],
            namespaced=spec["scope"] == "Namespaced", builtin=False,
            short_names=tuple(names.get("shortNames", ())), categories=tuple(names.get("categories", ())),
            has_status="status" in (version.get("subresources") or {}), has_generation=True,
            terminating=terminating, several=several, scale=paths_of(version),
            columns=_columns(version), schema=Schema(_of_content(version["schema"]["openAPIV3Schema"])),
            source=version["schema"]["openAPIV3Schema"],
        )
        for version in spec["versions"] if version.get("served")
    ]  # fmt: skip


def _of_content(source: JsonObject) -> JsonObject:
    """The schema without the demand for what every object has, and what is checked apart from the rest."""
    required = [name for name in source.get("required") or () if name not in ("apiVersion", "kind", "metadata")]
    return {**source, "required": required} if "required" in source else source


def _columns(version: JsonObject) -> tuple[Column, ...]:
    given = version.get("additionalPrinterColumns")
    if not given:
        return (Column("Age", "date", age, "Time since creation."),)
    return tuple(
        Column(
            column["name"],
            column["type"],
            as_text(json_path(column["jsonPath"])) if column["type"] == "string" else json_path(column["jsonPath"]),
            column.get("description") or f"{DEFAULT_DESCRIPTION}{column['jsonPath']}",
            column.get("priority", 0),
            column.get("format", ""),
        )
        for column in given
    )
