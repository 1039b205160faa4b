"""The base of every component: one class per kind of node, one instance per node."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from weirflow.context import Context, OutputHandler
from weirflow.errors import JSON, Fail, Problem
from weirflow.fields import Model
from weirflow.identity import Identity
from weirflow.locks import Held, LockBlock
from weirflow.ports import Port, Result
from weirflow.services import LockScope, NodeServices
from weirflow.spec import RunsOn, spec_of

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient


@dataclass(frozen=True, slots=True)
class ComponentInfo:
    """What the palette shows of a component."""

    name: str
    title: str
    description: str
    info: str = ""
    category: str = ""
    icon: str = ""
    tags: tuple[str, ...] = ()


class Component:
    """Derive, declare, done: nested `Settings`, `State` and `Control` models, `output(...)` attributes, `@input` and
    `@on_control` methods. The class's docstring is its documentation, its first line the description.

    A class may implement the direct interface instead (`info`, `ports`, `handle`, `handle_control`): the declarations
    compile to it.
    """

    #: Defaults to the class's name in snake_case.
    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    category: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    tags: ClassVar[tuple[str, ...]] = ()
    #: Where `start` is called: on the leading replica, or on every one.
    runs_on: ClassVar[RunsOn] = "leader"
    #: Whether its settings hold a program: who adds or changes a node of it needs the right to.
    runs_code: ClassVar[bool] = False

    class Settings(Model):
        """No settings."""

    #: Set by the SDK before anything is called. Annotate `settings` and `state` again for exact types.
    services: NodeServices
    settings: Any
    state: Any

    @property
    def persistent(self) -> bool:
        """Whether changes of the state are stored in the node's resource; without it they live in memory."""
        return True

    @property
    def changes_state(self) -> bool:
        """Whether messages may change the state, with the present settings. Where none does, they take the shorter way
        of components without state: for those that keep nothing unless they are told to."""
        return True

    # What an author may implement.

    async def on_identity(self, identity: Identity) -> None:
        """Who the node is; called once, before the state is read."""

    async def on_client(self, client: ClusterClient) -> None:
        """The cluster, with the rights of the module; called once, after `on_identity`. For components that manage
        resources of their own. State belongs into `self.state`, which is fenced; nothing written here is.
        """

    async def on_settings(self) -> None:
        """New settings are in `self.settings`. Raise to refuse them: those before come back."""

    def on_state(self) -> None:
        """The state has become another than this replica has made it: it was read, or another replica has written it.
        Return at once; what is to be done about it goes into `self.spawn`."""

    async def start(self, ctx: Context) -> None:
        """Set up a source (a timer, a route) and return; long work goes into `self.spawn`. `stop` is the reverse."""

    async def stop(self) -> None:
        """Undo `start`. Tasks made by `spawn` are ended by the SDK afterwards."""

    def control(self) -> Any:
        """The values of the control panel, an instance of `Control`. Called often: read, do not compute."""
        return None

    def live(self) -> str:
        """The line that the node shows on the canvas, at most 80 characters; empty for none."""
        return ""

    def initial_state(self) -> Any:
        """The state of a node for which none is stored. May use the settings."""
        state: type[Model] = type(self).State  # type: ignore[attr-defined]
        return state()

    def validate_state(self, state: Any) -> Any:
        """Called with what was read. Return it or a corrected copy; raise `Fail` to refuse it (it stays stored)."""
        return state

    # What an author may call.

    def emit(self, ctx: Context, port: str, value: Any) -> Coroutine[Any, Any, JSON]:
        """Send `value` on the output `port`; for ports that depend on the settings. See `Output.emit`."""
        return self._emit(ctx, port, value)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` until `stop`; what it raises is shown on the node."""
        return self._spawn(work, name)

    def lock(self, name: str, *, timeout: float = 30.0, scope: LockScope = "node") -> AbstractAsyncContextManager[Held]:
        """`async with self.lock("printer", timeout=5) as held:` is entered by one at a time, over all replicas of this
        node (`scope="module"`: of all nodes of the module).

        `held.token` rises with every holder. When the lock is lost (this replica was cut off or paused too long) the
        block is called off at its next wait, and leaving it raises `LockLost`. Raises `LockTimeout` after `timeout`
        seconds; a holder that died is waited out for about 15.
        """
        return LockBlock(self.services, name, timeout, scope)

    def publish(self) -> None:
        """Say that the control values or the live line have changed."""
        self.services.publish()

    def report(self, problem: Problem | None) -> None:
        """Show a problem on the node outside any message; None clears it."""
        self.services.report_error(problem)

    # The direct interface.

    def info(self) -> ComponentInfo:
        """Name, title, description, category and tags."""
        spec = spec_of(type(self))
        return ComponentInfo(spec.name, spec.title, spec.description, spec.info, spec.category, spec.icon, spec.tags)

    def ports(self) -> list[Port]:
        """The node's ports with its present settings. Override and extend for ports that depend on them."""
        from weirflow.compile import declared_ports

        return declared_ports(type(self))

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        """Handle a message that fits the port's model. `output(ctx, port, value)` emits."""
        method = spec_of(type(self)).inputs.get(port)
        if method is None:
            raise Fail(f"unknown port: {port}", code="unknown_port", permanent=True)
        return await getattr(self, method)(ctx, message)

    async def handle_control(self, ctx: Context, state: Any, port: str, message: Any) -> Any:
        """Handle a press of the button `port`, given control values and the panel's fields; returns new values."""
        method = spec_of(type(self)).buttons.get(port)
        if method is None:
            raise Fail(f"unknown control: {port}", code="unknown_control", permanent=True)
        handler = getattr(self, method)
        if handler.__code__.co_argcount > 2:
            await handler(ctx, message)
        else:
            await handler(ctx)
        return self.control()

    def instance(self) -> Component:
        """A new component of the same kind with default settings."""
        return type(self)()

    _emit: Callable[[Context, str, Any], Coroutine[Any, Any, JSON]]
    _spawn: Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]
