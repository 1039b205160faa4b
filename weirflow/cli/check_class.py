"""What is wrong with a component's class, though it can be imported: found when a node of it works, or never."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from weirflow.cli.findings import Finding
from weirflow.cli.nearest import nearest, perhaps
from weirflow.component import Component
from weirflow.declared import place_of
from weirflow.schema.walk import named_in

if TYPE_CHECKING:
    from weirflow.spec import ComponentSpec

#: Those that docs/components.md names, and what else the editor takes for one of them.
ICONS = frozenset(
    {
        "async", "base64", "bell", "braces", "bug", "calendar", "client", "clock", "code", "collect", "comment",
        "component", "counter", "database", "debug", "edit", "filter", "fingerprint", "flask", "form", "globe", "group",
        "hourglass", "http", "inject", "json", "keyvalue", "list", "mail", "merge", "monitor", "pause", "retry",
        "router", "search", "shield", "signal", "split", "sql", "star", "table", "ticker", "transform",
    }
)  # fmt: skip
_COMPONENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
#: Methods of `Component` that an author may implement: those that are awaited, and those that are not.
_AWAITED = ("on_identity", "on_client", "on_settings", "start", "stop")
_AT_ONCE = ("on_state", "control", "live", "initial_state", "validate_state", "info", "ports", "instance")


def check_class(spec: ComponentSpec) -> Iterator[Finding]:
    """Its names, its methods and its state, with their lines."""
    yield from _names(spec)
    yield from _methods(spec)
    yield from _inputs(spec)
    yield from _buttons(spec)
    yield from _state(spec)


def _names(spec: ComponentSpec) -> Iterator[Finding]:
    component = spec.component
    if not _COMPONENT_NAME.fullmatch(spec.name):
        text = 'a component\'s name has lower case letters, digits and underscores: name = "greet"'
        yield _at("error", f"component {spec.name!r}", text, component, "name")
    for port in spec.ports:
        if not port.system and not _PORT_NAME.fullmatch(port.name):
            text = (
                f"a port's name has letters, digits, dashes and underscores, not {port.name!r}; `label` is for people"
            )
            method = spec.inputs.get(port.name)
            yield _at("error", spec.name, text, getattr(component, method) if method else component)
    if isinstance(spec.icon, str) and spec.icon and spec.icon not in ICONS:
        close = perhaps(nearest(spec.icon, sorted(ICONS))) or "; docs/components.md lists them"
        yield _at("warning", spec.name, f"there is no icon {spec.icon!r}{close}", component, "icon")


def _methods(spec: ComponentSpec) -> Iterator[Finding]:
    component = spec.component
    for names, awaited in ((_AWAITED, True), (_AT_ONCE, False)):
        for name in names:
            method = getattr(component, name)
            if method is getattr(Component, name) or inspect.iscoroutinefunction(method) is awaited:
                continue
            text = (
                f"`{name}` is awaited: async def {name}(...)"
                if awaited
                else f"`{name}` is not awaited: def {name}(...)"
            )
            yield _at("error", spec.name, text, method)
    needed = [
        one.name
        for one in list(inspect.signature(component.__init__).parameters.values())[1:]
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    if needed:
        text = f"nodes are made without arguments, and `__init__` wants {', '.join(needed)}; use self.settings"
        yield _at("error", spec.name, text, component.__init__)


def _inputs(spec: ComponentSpec) -> Iterator[Finding]:
    for port, method in spec.inputs.items():
        handler = getattr(spec.component, method)
        message = list(inspect.signature(handler).parameters.values())[2]
        if message.annotation is message.empty:
            text = f"`{message.name}` has no type: anything comes in unchecked, and forms know no field of it; write"
            text += f" {message.name}: MESSAGE, a class derived from weirflow.Model, or {message.name}: Any"
            yield _at("warning", f"{spec.name} {port}", text, handler)


def _buttons(spec: ComponentSpec) -> Iterator[Finding]:
    component = spec.component
    if spec.control is None or component.handle_control is not Component.handle_control:
        return
    fields = next(named_in(port.schema, "properties") for port in spec.ports if port.name == "_control")
    for name, (attribute, info) in zip(fields, spec.control.model_fields.items(), strict=False):
        if fields[name].get("format") == "button" and not {name, attribute, info.alias} & set(spec.buttons):
            text = f'nothing happens when the button {attribute} is pressed; write @on_control("{attribute}")'
            yield _at("error", spec.name, text, spec.control, attribute)


def _state(spec: ComponentSpec) -> Iterator[Finding]:
    if spec.state is None or spec.component.initial_state is not Component.initial_state:
        return
    for name, field in spec.state.model_fields.items():
        if field.is_required():
            text = f"a new node has no {name} in its state: give it a default, or write initial_state"
            yield _at("error", spec.name, text, spec.state, name)


def _at(level: Any, where: str, text: str, thing: type[Any] | Callable[..., Any], name: str = "") -> Finding:
    file, line = place_of(thing, name)
    return Finding(level, where, text, file, line)
