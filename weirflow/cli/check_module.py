"""What is wrong with a module, and what those who use it would miss."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weirflow.cli.check_class import check_class
from weirflow.cli.findings import Finding
from weirflow.cli.package import Package
from weirflow.schema.walk import inner, named_in

if TYPE_CHECKING:
    from weirflow.spec import ComponentSpec, Module

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_VERSION = re.compile(r"\d+\.\d+\.\d+([-+.][0-9A-Za-z.+-]+)?")
MAX_DESCRIPTION = 120
#: The runtime's own field, which has its texts.
_GIVEN = frozenset({"enableErrorPort"})


def check_module(module: Module, package: Package) -> Iterator[Finding]:
    """Its name, its components with all their fields, and its examples."""
    if not _NAME.fullmatch(module.name):
        text = "a module's name has lower case letters, digits and dashes, such as weather-v1"
        yield Finding("error", f"module {module.name!r}", text)
    if not _VERSION.fullmatch(module.version):
        text = f"the version {module.version!r} is none of three numbers, such as 0.1.0"
        yield Finding("error", f"module {module.name}", text)
    if not module.components:
        yield Finding("error", f"module {module.name}", "it has no components; name them in Module(...)")
    for spec in module.components.values():
        yield from check_class(spec)
        yield from check_component(spec)
        yield from check_example(module, spec, package.files / "examples" / f"{spec.name}.yaml")


def check_component(spec: ComponentSpec) -> Iterator[Finding]:
    """What the palette, the forms and the page about it show."""
    where = spec.name
    if not spec.description:
        yield Finding("error", where, "it has no docstring; its first line is what the palette says of it")
    elif len(spec.description) > MAX_DESCRIPTION:
        text = f"the docstring's first line has {len(spec.description)} characters; the palette shows {MAX_DESCRIPTION}"
        yield Finding("warning", where, text)
    if spec.description and len(spec.info) <= len(spec.description) + 1:
        text = "the docstring has nothing below its first line: what settings matter, what it answers, its errors"
        yield Finding("warning", where, text)
    for name in ("category", "icon", "tags"):
        value = getattr(spec.component, name, "")
        if not value:
            yield Finding("warning", where, f"it has no `{name}`, by which people find it in the palette")
        elif name == "tags" and not _are_texts(value):
            yield Finding("error", where, f'`tags` is {value!r}; it is a tuple of texts: tags = ("count", "state")')
        elif name != "tags" and not isinstance(value, str):
            yield Finding("error", where, f"`{name}` is {value!r}; it is a text in quotes")
    if not any(not port.system for port in spec.ports):
        yield Finding("warning", where, "it has neither inputs nor outputs: no wire can reach it")
    for port in spec.ports:
        for path in sorted(_bare(port.schema)):
            text = "it has no description: Field(..., title=..., description=...)"
            yield Finding("warning", f"{where} {port.name} {path}", text)


def check_example(module: Module, spec: ComponentSpec, file: Path) -> Iterator[Finding]:
    """The flow that shows the component."""
    from weirflow.cli.check_flow import check_flow

    if not file.is_file():
        yield Finding("warning", spec.name, f"it has no example; draw a flow with it and export it to {file}")
        return
    found = list(check_flow(file, [module]))
    yield from found
    if not found and f"{module.name}/{spec.name}" not in file.read_text("utf-8"):
        yield Finding("warning", spec.name, "its example does not use it", str(file))


def _are_texts(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(isinstance(one, str) for one in value)


def _bare(schema: dict[str, Any]) -> set[str]:
    """Fields that say nothing of themselves, as `/name`; those that refer to a definition are said by it."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        for name, field in named_in(one, "properties").items():
            silent = isinstance(field, dict) and not field.get("description") and field.get("format") != "button"
            # What a control only shows may go by its title.
            titled = silent and field.get("title") and field.get("readonly")
            if silent and not titled and "$ref" not in field and name not in _GIVEN:
                found.add(f"/{name}")
        waiting.extend(inner(one))
    return found
