"""One node's component, as a host drives it. The order of the calls stands in `weirflow.services`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from weirflow.compile import outputs, ports_now
from weirflow.component import Component
from weirflow.conditions import lacking
from weirflow.context import Context
from weirflow.control_panel import read_control
from weirflow.delivery import Delivery, Repeated, current_delivery
from weirflow.error_port import with_error_port
from weirflow.errors import (
    JSON,
    AlreadyApplied,
    Fail,
    Problem,
    SettingsRejected,
    StateError,
)
from weirflow.fields import Model, NotJson, to_json
from weirflow.identity import Identity
from weirflow.looks import Looks
from weirflow.operations import Operation
from weirflow.reconcile_port import ReconcilePort
from weirflow.refusals import (
    failure_of,
    message_refused,
    not_json,
    settings_lack,
    settings_no_object,
    settings_refused,
    unknown_port,
)
from weirflow.services import NodeServices
from weirflow.spec import (
    CLIENT_PORT,
    CONTROL_PORT,
    IDENTITY_PORT,
    RECONCILE_PORT,
    SETTINGS_PORT,
    STATE_PORT,
    ComponentSpec,
    PortSpec,
)
from weirflow.state import StateStore
from weirflow.state_change import wait_settled
from weirflow.state_codec import RESTORED_KEY, codec_of
from weirflow.state_edit import edit_for
from weirflow.validation import validated
from weirflow.ways import Handler, Way, way_out, ways_in

if TYPE_CHECKING:
    from weirflow.kube.client import ClusterClient


class ComponentInstance:
    """A component with its settings, its state and its ports."""

    def __init__(self, spec: ComponentSpec, services: NodeServices) -> None:
        self.spec = spec
        self.services = services
        self.component = spec.component()
        self._tasks: set[asyncio.Task[None]] = set()
        self._incomplete: Problem | None = None
        self._configured = False
        self._looks = Looks(self.component, lambda error: self.as_fail(error, None).problem, services.report_error)
        self._ports = spec.ports
        #: The author handles messages in one method, settings among them, as the requirement documents do.
        self._is_direct = spec.component.handle is not Component.handle and spec.component.ports is not Component.ports
        self._store: StateStore[Any] | None = None
        #: Messages are handled with the state at hand.
        self._stateful = spec.state is not None
        self._reconcile: ReconcilePort | None = None
        self._prepare()
        self._inputs = self._bind_inputs()

    def _prepare(self) -> None:
        component = self.component
        component.services = self.services
        component._emit = self.emit
        component._spawn = self._spawn
        try:
            component.settings = self.spec.settings()
            if (lack := lacking(component.settings)) is not None:
                self._incomplete = settings_lack(self.services.node_name, *lack)
        except ValidationError as error:
            component.settings = self.spec.settings.model_construct()
            self._incomplete = settings_refused(self.services.node_name, error)
        if self.spec.state is not None:
            self._store = component.state = StateStore(
                codec_of(self.spec.state),
                self.services,
                initial=component.initial_state,
                validate=component.validate_state,
                persistent=lambda: component.persistent,
                adopted=self._state_adopted,
            )

        if self._is_direct and any(port.name == RECONCILE_PORT for port in component.ports()):
            self._reconcile = ReconcilePort(
                self.services, lambda ctx, node: component.handle(ctx, self.emit, RECONCILE_PORT, node)
            )
        for name, out in outputs(type(component)).items():
            plain = None if self._store is not None or self._reconcile is not None else self.services.emit
            setattr(component, name, out.bound(way_out(out, self.emit, plain)))

    # Life.

    async def introduce(self, identity: Identity, client: ClusterClient | None) -> Problem | None:
        """Tell the component who its node is and hand it the cluster, where it wants to know. Before `load_state`."""
        try:
            await self.component.on_identity(identity)
            await self._hand_over(IDENTITY_PORT, identity)
            if client is not None:
                await self.component.on_client(client)
                await self._hand_over(CLIENT_PORT, client)
        except BaseException as error:
            return self.as_fail(error, None).problem
        return None

    async def _hand_over(self, port: str, message: Any) -> None:
        if self._is_direct and any(each.name == port for each in self.component.ports()):
            await self.component.handle(self.services.begin(), self.emit, port, message)

    def load_state(self, metadata: dict[str, str]) -> bool:
        """Adopt the state in `status.metadata` if it is newer, by epoch and version; True if it was."""
        if self._reconcile is not None:
            newer = self._reconcile.load(metadata)
            if newer and self._configured:
                self._spawn(self._reconcile.deliver_soon(), "reconcile")
            return newer
        return self._store.load(metadata) if self._store is not None else False

    def _state_adopted(self) -> None:
        try:
            self.component.on_state()
        except Exception as error:
            self.services.report_error(self.as_fail(error, None).problem)

    @property
    def stored_state(self) -> StateStore[Any] | None:
        """The state as it is kept in the resource; None for a component without one."""
        return self._reconcile.store if self._reconcile is not None else self._store

    def owns(self, key: str) -> bool:
        """Whether the key of `status.metadata` belongs to the component's state. Raises nothing, costs little."""
        if self._reconcile is not None:
            return key != RESTORED_KEY
        return self._store is not None and key in self._store.keys

    async def apply_settings(self, raw: JSON) -> Problem | None:
        """Put settings into force. A problem means that those before stay, and says which field is wrong."""
        if not isinstance(raw, dict | None):
            return settings_no_object(self.services.node_name, raw)
        try:
            settings = self.spec.settings.model_validate(raw if raw is not None else {}, extra="ignore")
        except ValidationError as error:
            return settings_refused(self.services.node_name, error)
        if (lack := lacking(settings)) is not None:
            return settings_lack(self.services.node_name, *lack)
        if self._reconcile is not None:
            await self._reconcile.deliver_soon()
        before, ports = self.component.settings, self._ports
        self.component.settings = settings
        self._settings_changed()
        try:
            self._ports = with_error_port(ports_now(self.component, self.spec), raw)
            await self._settings_into_force(settings)
        except BaseException as error:
            self.component.settings, self._ports = before, ports
            self._settings_changed()
            fail = self.as_fail(error, None)
            return fail.problem
        self._incomplete = None
        self._configured = True
        self._stateful = self._store is not None and self.component.changes_state
        self._inputs = self._bind_inputs()
        self.services.publish()
        return None

    def _settings_changed(self) -> None:
        if self._store is not None:
            self._store.settings_changed()

    async def _settings_into_force(self, settings: Model) -> None:
        component = self.component
        await component.on_settings()
        if self._is_direct and any(port.name == SETTINGS_PORT for port in self._ports):
            await component.handle(self.services.begin(), self.emit, SETTINGS_PORT, settings)

    async def start(self, ctx: Context) -> None:
        """Start the component's source. Raises `Fail` (for example: the route is taken)."""
        if self._incomplete is not None:
            raise SettingsRejected(self._incomplete.message, field=self._incomplete.field, node=self.services.node_name)
        ctx.enter(self.emit)
        try:
            await self.component.start(ctx)
        except BaseException as error:
            raise self.as_fail(error, None) from error

    async def stop(self) -> None:
        """Stop the source and end the tasks it had started. Raises `Fail` if the component's own `stop` does."""
        try:
            await self.component.stop()
        except BaseException as error:
            raise self.as_fail(error, None) from error
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)

    # Messages.

    async def deliver(self, ctx: Context, port: str, raw: JSON) -> JSON:
        """Validate a message, have it handled, and return the result as JSON. Raises `Fail`."""
        try:
            result = await self.begin(ctx, port, raw)
            return result if result is raw else to_json(result)
        except BaseException as error:
            raise self.as_fail(error, port) from error

    def begin(self, ctx: Context, port: str, raw: JSON) -> Awaitable[Any]:
        """Validate a message and hand it to its handler, whose result, not yet JSON, awaiting gives.

        For hosts, which count every microsecond of a hop: `deliver` in two parts. Raises `Fail`; awaiting raises what
        the handler raises, to be made a `Fail` by `as_fail`.
        """
        entry = self._inputs.get(port)
        if entry is None:
            raise self._unknown_port(ctx, port)
        if self._incomplete is not None:
            raise SettingsRejected(self._incomplete.message, field=self._incomplete.field, node=self.services.node_name)
        validate, handler, emit = entry
        try:
            message = raw if validate is None else validate(raw)
        except ValidationError:
            message = self.patiently(ctx, port, raw)
        ctx.enter(emit, raw)
        if self._stateful and self._store is not None:
            return self._deliver_stateful(ctx, port, handler, message, self._store)
        if self._reconcile is not None:
            return self._deliver_reconciled(ctx, handler, message, self._reconcile)
        return handler(ctx, message)

    async def _deliver_reconciled(self, ctx: Context, handler: Handler, message: Any, reconcile: ReconcilePort) -> Any:
        await reconcile.deliver_due(ctx)
        return await handler(ctx, message)

    async def _deliver_stateful(
        self, ctx: Context, port: str, handler: Handler, message: Any, store: StateStore[Any]
    ) -> JSON:
        delivery = Delivery(ctx, store)
        token = current_delivery.set(delivery)
        try:
            result = to_json(await handler(ctx, message))
            await delivery.finish(result)
            return result
        except Repeated as repeat:
            return await self._answer_again(ctx, repeat.operation)
        except BaseException as error:
            raise self.as_fail(error, port) from error
        finally:
            current_delivery.reset(token)

    async def _answer_again(self, ctx: Context, operation: Operation) -> JSON:
        """What the first delivery of the operation led to: its message is sent again, its result returned again."""
        if operation.settled is not None:
            await wait_settled(operation.settled)
        outcome = operation.known_outcome()
        if outcome is None:
            raise AlreadyApplied(
                f"operation {operation.id} has been applied to {self.services.node_name} before, "
                "and its result was not kept",
                permanent=True,
                node=self.services.node_name,
            )
        if "emit" in outcome:
            return await self.services.emit(ctx, outcome["emit"], outcome["value"])
        return outcome["result"]

    def emit(self, ctx: Context, port: str, value: Any) -> Coroutine[Any, Any, JSON]:
        """Send `value` on an output of this node: what `Output.emit` and the output handler do."""
        if self._store is None and self._reconcile is None:
            # What came in is JSON already; nearly every node that sends just that on has not changed it.
            return self.services.emit(ctx, port, value if value is ctx.message else self._message(port, value))
        return self._emit_stateful(ctx, port, value)

    def _message(self, port: str, value: Any) -> JSON:
        try:
            return to_json(value)
        except NotJson as error:
            fail = not_json(self.spec.name, f"sent on {port!r}", error)
            fail.located(port=port, node=self.services.node_name)
            raise fail from error

    async def _emit_stateful(self, ctx: Context, port: str, value: Any) -> JSON:
        if port == RECONCILE_PORT and self._reconcile is not None:
            await self._reconcile.update(ctx, value)
            return None
        message = self._message(port, value)
        if self._store is not None:
            if self._store.held_here():
                raise StateError(
                    f"emit on {port!r} inside a state block would hold the state while the flow runs; "
                    "emit after the block"
                )
            delivery = current_delivery.get()
            if delivery is not None and delivery.store is self._store:
                await delivery.before_emit(port, message)
        return await self.services.emit(ctx, port, message)

    # The control panel.

    async def control(self, ctx: Context, data: JSON) -> JSON:
        """Handle `{"reset": true}`: the pressed button, with the panel's fields at hand. Returns the new values."""
        # The node's own: the fields of a form's panel are those of its settings.
        model = next((port.model for port in self._ports if port.name == CONTROL_PORT), None)
        if model is None:
            raise self._unknown_port(ctx, CONTROL_PORT)
        message, button = read_control(model, data, self.services.node_name)
        ctx.enter(self.emit)
        if button is not None:
            await self._press(ctx, button, message)
        self.services.publish()
        return self.control_values()

    async def _press(self, ctx: Context, button: str, message: Any) -> None:
        async def handle(ctx: Context, message: Any) -> None:
            await self.component.handle_control(ctx, self.component.control(), button, message)

        if self._store is not None:
            await self._deliver_stateful(ctx, CONTROL_PORT, handle, message, self._store)
            return
        try:
            await handle(ctx, message)
        except BaseException as error:
            raise self.as_fail(error, CONTROL_PORT) from error

    async def edit_state(self, ctx: Context, data: JSON) -> None:
        """A person's edit of one field of the state, stored like a message's change, once for each. Raises `Fail`."""
        store, handle = edit_for(self._store, data, self.services.node_name)
        ctx.enter(self.emit)
        await self._deliver_stateful(ctx, STATE_PORT, handle, None, store)
        self.services.publish()

    def control_values(self) -> JSON:
        """The values of the control panel; {} without one, and while the state cannot be read."""
        return self._looks.control() if self.spec.control is not None else {}

    def live_value(self) -> str:
        """The line that the node shows; at most 80 characters."""
        return self._looks.live()

    def ports(self) -> tuple[PortSpec, ...]:
        """The node's ports with its present settings, system ports first."""
        return self._ports

    def open_ways(self) -> dict[str, Way]:
        """The inputs whose messages need nothing but to be checked and handled: no state, no leader."""
        if self._stateful or self._reconcile is not None or self._incomplete is not None:
            return {}
        leading = {port.name for port in self._ports if port.leader}
        return {name: way for name, way in self._inputs.items() if name not in leading}

    def _bind_inputs(self) -> dict[str, Way]:
        return ways_in(self.component, self.spec.inputs, self._ports, self.emit, direct=self._is_direct)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        # It outlives the message that it is started for: what it sends is no part of that one's change.
        token = current_delivery.set(None)
        try:
            task = self.services.spawn(work, name)
        finally:
            current_delivery.reset(token)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def patiently(self, ctx: Context, port: str, raw: JSON) -> Any:
        """A message that did not fit, once more with the patience that nulls from a mapping deserve. Raises `Fail`."""
        model = next(spec.model for spec in self._ports if spec.name == port and spec.model is not None)
        try:
            return validated(model, raw)
        except ValidationError as error:
            raise message_refused(self.services.node_name, ctx, port, error) from None

    def _unknown_port(self, ctx: Context, port: str) -> Fail:
        return unknown_port(self.services.node_name, ctx, port, self._inputs)

    def as_fail(self, error: BaseException, port: str | None) -> Fail:
        """`error` as a `Fail` that says where; see `failure_of`."""
        return failure_of(self.services.node_name, self.spec.name, error, port)
