"""Ports as a component's author writes them: `@input`, `@on_control`, `output`, and `Port` for the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar, cast, overload

from weirflow.context import Context
from weirflow.errors import JSON, ComponentError
from weirflow.fields import Model, label_of
from weirflow.spec import Position

#: What a handler returns: JSON, a model, or None for "nothing to say". It travels back to the sender.
Result: TypeAlias = Any

M = TypeVar("M")
F = TypeVar("F", bound=Callable[..., Awaitable[Any]])


@dataclass(frozen=True, slots=True)
class Port:
    """A port in the author's sense, which is that of the requirement documents: `source` True means that messages go
    IN.

    `configuration` is a model class, or an instance whose values the forms start from; None accepts anything.
    `leader`: handled by the leading replica. `definition`: without a configuration, the whole message is the
    definition with that id (`Field(id=...)`, or another port's), whatever shape it is given. Wire form:
    `weirflow.spec.PortSpec`.
    """

    name: str
    label: str
    position: Position
    source: bool
    configuration: type[Model] | Model | None = None
    leader: bool = False
    definition: str = ""

    @classmethod
    def input(
        cls,
        name: str,
        configuration: type[Model] | None = None,
        *,
        label: str = "",
        leader: bool = False,
        definition: str = "",
    ) -> Port:
        """An input on the left side."""
        return cls(name, label or label_of(name), Position.LEFT, True, configuration, leader, definition)

    @classmethod
    def output(
        cls, name: str, configuration: type[Model] | None = None, *, label: str = "", definition: str = ""
    ) -> Port:
        """An output on the right side."""
        return cls(name, label or label_of(name), Position.RIGHT, False, configuration, False, definition)


@dataclass(frozen=True, slots=True)
class InputMark:
    """What `@input` leaves on a method."""

    name: str
    label: str
    position: Position
    leader: bool
    definition: str


class Output(Generic[M]):
    """A port that messages come out of: `counted = output("value", Count)`; `await self.counted.emit(ctx, value)`."""

    def __init__(
        self, name: str, model: type[Any] | None, label: str, position: Position, definition: str = ""
    ) -> None:
        self.name = name
        self.model = model
        self.label = label
        self.position = position
        self.definition = definition

    def bound(self, emit: Callable[[Context, M], Awaitable[JSON]]) -> Output[M]:
        """This output for one node, whose `emit` is the one given: nearly every hop has one, and a call less each."""
        mine: Output[M] = Output(self.name, self.model, self.label, self.position, self.definition)
        mine.emit = emit  # type: ignore[assignment, method-assign]
        return mine

    def emit(self, ctx: Context, value: M) -> Awaitable[JSON]:
        """Send `value` along every edge of the port; awaiting gives the first non-empty result, None without an edge.

        Raises `Fail` when no branch answered and one failed, and `StateError` inside a state block.
        """
        raise RuntimeError(f"output {self.name} belongs to a class; emit through a node's component (self)")

    def check(self, value: Any) -> None:
        """Raises `ComponentError` for a model that is not the port's."""
        if self.model is not None and isinstance(value, Model) and not isinstance(value, self.model):
            text = (
                f"the output {self.name!r} sends {self.model.__name__}, not {type(value).__name__}; send one of those"
            )
            raise ComponentError(text, code="wrong_model", permanent=True, port=self.name)


@overload
def output(name: str, *, label: str = "", position: Position = Position.RIGHT, definition: str = "") -> Output[Any]: ...


@overload
def output(name: str, model: type[M], *, label: str = "", position: Position = Position.RIGHT) -> Output[M]: ...


def output(
    name: str,
    model: type[M] | None = None,
    *,
    label: str = "",
    position: Position = Position.RIGHT,
    definition: str = "",
) -> Output[M]:
    """Declare an output. Without a `model` it may carry any JSON; with a `definition` it says whose shape that has:
    what `Field(id=...)`, or another port with that definition, takes in.
    """
    _named(name, 'output("out", Message)')
    if model is not None and not (isinstance(model, type) and issubclass(model, Model)):
        text = f"output({name!r}) is given {model!r}; what it sends is a class derived from weirflow.Model"
        raise TypeError(f"{text}, or nothing for all JSON")
    return Output(name, model, label or label_of(name), position, definition)


def input(
    name: str,
    *,
    label: str = "",
    position: Position = Position.LEFT,
    leader: bool = False,
    definition: str = "",
) -> Callable[[F], F]:
    """Declare that a method `async def (self, ctx, message)` handles an input.

    The type of `message` is the port's model: what does not fit it never reaches the method. `Any` accepts all JSON;
    a `definition` gives that JSON a name, for outputs that send it on. `leader=True`: on every replica, messages are
    forwarded to the leading one.
    """

    _named(name, '@input("in")')

    def mark(handler: F) -> F:
        made = InputMark(name, label or label_of(name), position, leader, definition)
        cast("Any", handler).__weirflow_input__ = made
        return handler

    return mark


def on_control(name: str) -> Callable[[F], F]:
    """Declare that a method handles a button of the control panel: `async def (self, ctx)`, or `(self, ctx, message)`
    to be given the panel's fields as well.
    """

    _named(name, '@on_control("reset")')

    def mark(handler: F) -> F:
        cast("Any", handler).__weirflow_control__ = name
        return handler

    return mark


def _named(name: Any, how: str) -> None:
    if not isinstance(name, str) or not name:
        raise TypeError(f"a name belongs first: {how}")
