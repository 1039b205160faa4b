"""What is known about a component before any node of it exists: compiled once, when its module is imported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from weirflow.errors import JSON

if TYPE_CHECKING:
    from weirflow.component import Component
    from weirflow.fields import Model

#: Where the sources of a component run: on the leading replica only, or on every one.
RunsOn = Literal["leader", "every"]

SETTINGS_PORT = "_settings"
CONTROL_PORT = "_control"
#: Takes edits of the state by people; of TinySignals only.
STATE_PORT = "_state"
RECONCILE_PORT = "_reconcile"
IDENTITY_PORT = "_identity"
CLIENT_PORT = "_client"


class Position(IntEnum):
    """The side of the node that a port is drawn on; the numbers are those of the resource."""

    TOP = 0
    RIGHT = 1
    BOTTOM = 2
    LEFT = 3


@dataclass(frozen=True, slots=True)
class PortSpec:
    """One port, in the sense of the wire.

    `source` True means that messages come OUT of it (requirement document 000 has it the other way round;
    `weirflow.ports.Port` is the author's form and converts). `schema` is JSON Schema with the form keywords, `{}`
    accepts anything. `configuration` is the example value that forms start from: the defaults. `leader`: messages for
    this input are handled by the leading replica. `system`: `_settings` and `_control`. `model` is None where the
    schema is `{}`.
    """

    name: str
    label: str
    position: Position
    source: bool
    schema: dict[str, JSON] = field(default_factory=dict)
    configuration: JSON = None
    model: type[Model] | None = None
    leader: bool = False
    system: bool = False


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """A component, compiled. `ports` are those a node has with its default settings; a node's own are
    `ComponentInstance.ports()`.

    `info` is the long text (the class's docstring), `description` one line. `state_keys` are the keys of
    `status.metadata` that the component's state may write, the runtime's own (`state-version`, ...) included; empty
    without state.
    """

    name: str
    title: str
    description: str
    info: str
    category: str
    icon: str
    tags: tuple[str, ...]
    runs_on: RunsOn
    component: type[Component]
    settings: type[Model]
    control: type[Model] | None
    state: type[Any] | None
    state_keys: tuple[str, ...]
    ports: tuple[PortSpec, ...]
    #: Input port -> name of the method that handles it; button -> name of the method. Empty for an author's own
    #: `handle`.
    inputs: dict[str, str]
    buttons: dict[str, str]
    #: Whether it has a `start` of its own (ticker, cron, listeners), so that the runtime has something to start.
    is_source: bool
    #: Whether its settings hold a program, which only those may write who have the right to.
    runs_code: bool = False

    def port(self, name: str) -> PortSpec | None:
        """The port of that name, or None."""
        return next((port for port in self.ports if port.name == name), None)


class Module:
    """A set of components that is served and versioned together: `module = Module("common-v1", "0.1.0", [...])`."""

    def __init__(self, name: str, version: str, components: Iterable[type[Component]]) -> None:
        """`name` is the TinyModule's name (lower case, digits, dashes); `version` has no leading "v"."""
        from weirflow.component import Component

        self.name = name
        self.version = version
        self.components: dict[str, ComponentSpec] = {}
        if isinstance(components, (str, type)) or not isinstance(components, Iterable):
            raise TypeError(f"the components of module {name} are a list of classes, such as [Greet]")
        for component in components:
            if not isinstance(component, type):
                what = f"{type(component).__name__}()" if not isinstance(component, str) else repr(component)
                text = f"module {name} is given {what}, where a component's class belongs: [Greet], not [Greet()]"
                raise TypeError(text)
            if not issubclass(component, Component):
                text = f"module {name} is given {component.__name__}, which is no component"
                raise TypeError(f"{text}; write: class {component.__name__}(Component)")
            spec = spec_of(component)
            if spec.name in self.components:
                raise ValueError(f"module {name} has two components named {spec.name}; give one of them another `name`")
            self.components[spec.name] = spec


def spec_of(component: type[Component]) -> ComponentSpec:
    """The compiled description of a component class. Raises `Misdeclared`: what cannot be understood."""
    known: ComponentSpec | None = component.__dict__.get("__weirflow_spec__")
    if known is None:
        from weirflow.compile import compile_component
        from weirflow.declared import Misdeclared

        try:
            known = compile_component(component)
        except Misdeclared:
            raise
        except TypeError as error:
            raise Misdeclared(str(error), component) from error
        type.__setattr__(component, "__weirflow_spec__", known)
    return known
