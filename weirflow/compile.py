"""From a component class to its description: reads the declarations once, at import."""

from __future__ import annotations

import inspect
import re
from typing import Any, get_args, get_type_hints

from weirflow.component import Component, ComponentInfo
from weirflow.declared import Misdeclared
from weirflow.error_port import with_error_setting
from weirflow.errors import JSON
from weirflow.fields import Model, label_of
from weirflow.ports import InputMark, Output, Port
from weirflow.schema import defaults_of, named_schema, schema_of
from weirflow.spec import (
    CLIENT_PORT,
    CONTROL_PORT,
    IDENTITY_PORT,
    RECONCILE_PORT,
    SETTINGS_PORT,
    ComponentSpec,
    PortSpec,
    Position,
    RunsOn,
)
from weirflow.state_codec import codec_of

_INNER_PORTS = {RECONCILE_PORT, IDENTITY_PORT, CLIENT_PORT}


def compile_component(component: type[Component]) -> ComponentSpec:
    """Describe `component`. Raises `TypeError` saying which declaration is wrong and why, mostly with its line."""
    if component.runs_on not in get_args(RunsOn):
        allowed = " or ".join(map(repr, get_args(RunsOn)))
        raise Misdeclared(
            f"{component.__qualname__}.runs_on is {component.runs_on!r}; it is {allowed}", component, "runs_on"
        )
    sample = _sample(component)
    ports = port_specs(component, sample.ports() if sample is not None else declared_ports(component))
    models = {port.name: port.model for port in ports if port.system}
    about = _about(component)
    state = _nested_model(component, "State")
    spec = ComponentSpec(
        name=about.name,
        title=about.title or label_of(about.name),
        description=about.description,
        info=about.info,
        category=about.category,
        icon=about.icon,
        tags=tuple(about.tags),
        runs_on=component.runs_on,
        component=component,
        settings=models.get(SETTINGS_PORT) or Component.Settings,
        control=models.get(CONTROL_PORT),
        state=state,
        state_keys=codec_of(state).keys if state else (),
        ports=ports,
        inputs={mark.name: method for method, mark in _inputs(component)},
        buttons=_controls(component),
        runs_code=component.runs_code,
        is_source=component.start is not Component.start,
    )
    _check_buttons(spec)
    return spec


def declared_ports(component: type[Component]) -> list[Port]:
    """The ports that a class's declarations stand for, system ports first."""
    settings = _nested_model(component, "Settings") or Component.Settings
    control = _nested_model(component, "Control")
    ports = [Port(SETTINGS_PORT, "Settings", Position.TOP, True, settings)]
    if control is not None:
        ports.append(Port(CONTROL_PORT, "Control", Position.TOP, True, control))
    for method, mark in _inputs(component):
        model = _message_model(component, method)
        ports.append(Port(mark.name, mark.label, mark.position, True, model, mark.leader, mark.definition))
    for out in outputs(component).values():
        ports.append(Port(out.name, out.label, out.position, False, out.model, False, out.definition))
    return ports


def ports_now(component: Component, spec: ComponentSpec) -> tuple[PortSpec, ...]:
    """The ports of a component with its present settings. Raises `TypeError` as `port_specs` does."""
    if type(component).ports is Component.ports:
        return spec.ports
    return port_specs(type(component), component.ports())


def port_specs(component: type[Component], ports: list[Port]) -> tuple[PortSpec, ...]:
    """The wire's form of an author's ports. Raises `TypeError` for two ports of one name, and for a port with a model
    and a definition.

    Of the system ports only `_settings` and `_control` are part of it: the others never carry messages of a flow.
    """
    names = [port.name for port in ports]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TypeError(f"the ports {', '.join(twice)} are declared more than once; give each port a name of its own")
    carried = [port for port in ports if port.name not in _INNER_PORTS]
    own = {port.name: _own_schema(port) for port in carried}
    shared = [schema for schema in own.values() if schema]
    specs = tuple(
        _port_spec(port, named_schema(port.definition, component.__module__, shared) if port.definition else schema)
        for port, schema in zip(carried, own.values(), strict=True)
    )
    return with_error_setting(specs)


def outputs(component: type[Component]) -> dict[str, Output[Any]]:
    """Attribute name -> output, in the order of declaration, bases first."""
    found: dict[str, Output[Any]] = {}
    for base in reversed(component.__mro__):
        found.update({name: value for name, value in vars(base).items() if isinstance(value, Output)})
    return found


def _is_wire_source(port: Port) -> bool:
    # The documents name the direction from the author's side, the resource from the wire's; _control counts as an
    # output there because its live values are read from it.
    return port.name == CONTROL_PORT if _is_system(port) else not port.source


def _is_system(port: Port) -> bool:
    return port.name in (SETTINGS_PORT, CONTROL_PORT)


def _model_of(port: Port) -> type[Model] | None:
    return type(port.configuration) if isinstance(port.configuration, Model) else port.configuration


def _own_schema(port: Port) -> dict[str, JSON]:
    model = _model_of(port)
    if model is None:
        return {}
    if port.definition:
        raise TypeError(f"the port {port.name} has a model and a definition; its schema can only be one of them")
    return schema_of(model, output=_is_wire_source(port))


def _port_spec(port: Port, schema: dict[str, JSON]) -> PortSpec:
    return PortSpec(
        name=port.name,
        label=port.label,
        position=port.position,
        source=_is_wire_source(port),
        schema=schema,
        configuration=defaults_of(port.configuration) if port.configuration is not None else {},
        model=_model_of(port),
        leader=port.leader,
        system=_is_system(port),
    )


def _sample(component: type[Component]) -> Component | None:
    """An instance with default settings, for a class whose ports are more than its declarations."""
    if component.ports is Component.ports:
        return None
    sample = component()
    sample.settings = (_nested_model(component, "Settings") or Component.Settings).model_construct()
    return sample


def _about(component: type[Component]) -> ComponentInfo:
    """What the class says of itself: its own `info`, else its attributes and its docstring."""
    if component.info is not Component.info:
        return component().info()
    name = component.name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", component.__name__).lower()
    doc = (inspect.getdoc(component) or "") if component.__doc__ else ""
    first_line = doc.split("\n", 1)[0]
    return ComponentInfo(name, component.title, first_line, doc, component.category, component.icon, component.tags)


def _nested_model(component: type[Component], name: str) -> type[Model] | None:
    found = getattr(component, name, None)
    if found is None:
        return None
    if not (isinstance(found, type) and issubclass(found, Model)):
        text = f"{component.__qualname__}.{name} must be a class derived from weirflow.Model: class {name}(Model)"
        raise Misdeclared(text, found if isinstance(found, type) else component)
    return found


def _marked(component: type[Component], mark: str) -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for base in reversed(component.__mro__):
        found.update({name: getattr(value, mark) for name, value in vars(base).items() if hasattr(value, mark)})
    return list(found.items())


def _inputs(component: type[Component]) -> list[tuple[str, InputMark]]:
    return _marked(component, "__weirflow_input__")


def _controls(component: type[Component]) -> dict[str, str]:
    found = {button: method for method, button in _marked(component, "__weirflow_control__")}
    for method in found.values():
        handler = getattr(component, method)
        if not inspect.iscoroutinefunction(handler) or len(inspect.signature(handler).parameters) not in (2, 3):
            text = f"{component.__qualname__}.{method} must be `async def {method}(self, ctx)`, or (self, ctx, message)"
            raise Misdeclared(text, handler)
    return found


def _message_model(component: type[Component], method: str) -> type[Model] | None:
    handler = getattr(component, method)
    names = list(inspect.signature(handler).parameters)
    if not inspect.iscoroutinefunction(handler) or len(names) != 3:
        raise Misdeclared(
            f"{component.__qualname__}.{method} must be `async def {method}(self, ctx, message)`", handler
        )
    scope: dict[str, Any] = {}
    for base in reversed(component.__mro__):
        scope.update(vars(base))
    try:
        hints = get_type_hints(handler, handler.__globals__, scope)
    except NameError as error:
        raise Misdeclared(
            f"{component.__qualname__}.{method}: {error}; define it in the module or in the class", handler
        ) from error
    model = hints.get(names[2], Any)
    if model is Any:
        return None
    if not (isinstance(model, type) and issubclass(model, Model)):
        named = getattr(model, "__name__", model)
        text = f"{component.__qualname__}.{method} takes a {named}; a message is a weirflow.Model, or Any for all JSON"
        raise Misdeclared(text, handler)
    return model


def _check_buttons(spec: ComponentSpec) -> None:
    known = set(spec.control.model_fields) if spec.control else set()
    unknown = sorted(set(spec.buttons) - known)
    if unknown:
        text = f"{spec.name} handles the controls {', '.join(unknown)}, which its Control does not declare"
        has = f"; it has {', '.join(sorted(known))}" if known else "; write: class Control(Model)"
        raise Misdeclared(text + has, getattr(spec.component, spec.buttons[unknown[0]]))
