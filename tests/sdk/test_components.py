"""What a component class means: its description, its ports, its life."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from tests.sdk.components import Sum, Total
from weirflow import (
    Button,
    Component,
    ComponentInfo,
    Context,
    Fail,
    Field,
    MessageRejected,
    Model,
    Module,
    OutputHandler,
    Port,
    Position,
    Result,
    button,
    input,
    is_leader,
    on_control,
    output,
    output_handler,
)
from weirflow.instance import ComponentInstance
from weirflow.spec import spec_of
from weirflow.testing import Node, Resource, run


def test_a_class_describes_itself() -> None:
    spec = spec_of(Sum)
    assert (spec.name, spec.title, spec.description) == ("sum", "Sum", "Adds up.")
    assert spec.info == "Adds up.\n\nWith everything that state can do wrong at hand."
    assert spec.runs_on == "leader"
    assert not spec.is_source
    assert spec.state_keys == (
        "sum-total",
        "sum-items",
        "token",
        "state-version",
        "state-epoch",
        "state-ops",
        "state-schema",
    )
    assert spec_of(Sum) is spec
    assert Sum().info() == ComponentInfo("sum", "Sum", "Adds up.", spec.info)


def test_a_module_knows_its_components_by_name() -> None:
    module = Module("sums-v1", "0.1.0", [Sum])
    assert list(module.components) == ["sum"]
    with pytest.raises(ValueError, match="two components named sum"):
        Module("sums-v1", "0.1.0", [Sum, Sum])


def test_ports_are_read_from_the_declarations() -> None:
    class Shouting(Component):
        """Says it louder."""

        class Message(Model):
            text: str

        shouted = output("shouted", Total, label="Shouted!", position=Position.BOTTOM)

        @input("say", label="Say it", position=Position.TOP)
        async def say(self, ctx: Context, message: Message) -> Result:
            return None

        @input("anything")
        async def anything(self, ctx: Context, message: Any) -> Result:
            return None

    ports = {port.name: port for port in spec_of(Shouting).ports}
    assert list(ports) == ["_settings", "say", "anything", "shouted"]
    assert ports["say"].label == "Say it"
    assert (ports["say"].position, ports["say"].source) == (Position.TOP, False)
    assert (ports["shouted"].position, ports["shouted"].source) == (Position.BOTTOM, True)
    assert ports["say"].model is Shouting.Message
    assert ports["anything"].schema == {}
    assert ports["_settings"].system


def test_a_derived_component_has_its_bases_ports_too() -> None:
    class More(Sum):
        """Sum and more."""

        more = output("more")

        @input("more_in")
        async def more_in(self, ctx: Context, message: Any) -> Result:
            return await self.more.emit(ctx, message)

    names = [port.name for port in spec_of(More).ports]
    assert {"add", "out", "more", "more_in"} <= set(names)
    assert spec_of(More).name == "more"


def _synchronous() -> type[Component]:
    class Wrong(Component):
        @input("in")
        def handle_in(self, ctx: Context, message: Any) -> Result:  # type: ignore[type-var]
            return None

    return Wrong


def _without_context() -> type[Component]:
    class Wrong(Component):
        @input("in")
        async def handle_in(self, message: Any) -> Result:
            return None

    return Wrong


def _plain_type() -> type[Component]:
    class Wrong(Component):
        @input("in")
        async def handle_in(self, ctx: Context, message: int) -> Result:
            return None

    return Wrong


def _unknown_button() -> type[Component]:
    class Wrong(Component):
        @on_control("nothing")
        async def press(self, ctx: Context) -> None: ...

    return Wrong


def _two_of_a_name() -> type[Component]:
    class Wrong(Component):
        one = output("out")
        two = output("out")

    return Wrong


def _plain_settings() -> type[Component]:
    class Wrong(Component):
        class Settings:  # type: ignore[assignment]
            pass

    return Wrong


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_synchronous, "must be `async def handle_in"),
        (_without_context, "must be `async def handle_in"),
        (_plain_type, "a message is a weirflow.Model"),
        (_unknown_button, "does not declare"),
        (_two_of_a_name, "more than once"),
        (_plain_settings, "derived from weirflow.Model"),
    ],
)
def test_a_wrong_declaration_is_refused_with_the_reason(make: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        spec_of(make())


class Strict(Component):
    """Cannot work without its settings."""

    class Settings(Model):
        url: str = Field(pattern="^https://")
        limit: int = Field(10, ge=1)

    settings: Settings

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def on_settings(self) -> None:
        if self.settings.limit == 13:
            raise Fail("13 brings bad luck", field="/limit")
        self.seen.append(self.settings.url)

    @input("in")
    async def pass_through(self, ctx: Context, message: Any) -> Result:
        return {"url": self.settings.url, "limit": self.settings.limit}


async def test_settings_come_into_force_or_the_old_ones_stay() -> None:
    async with run(Strict, settings={"url": "https://a"}) as node:
        assert await node.send("in") == {"url": "https://a", "limit": 10}
        for wrong, field in (
            ({"limit": 0}, "/limit"),
            ({"url": "ftp://a"}, "/url"),
            ({"limit": 13}, "/limit"),
            ({"limit": "x"}, "/limit"),
        ):
            problem = await node.set(**wrong)  # type: ignore[arg-type]
            assert problem is not None
            assert problem.field == field
            assert await node.send("in") == {"url": "https://a", "limit": 10}
        assert await node.set(limit=20) is None
        assert await node.send("in") == {"url": "https://a", "limit": 20}


async def test_settings_of_an_older_form_still_work() -> None:
    async with run(Strict, settings={"url": "https://a", "gone": 1}) as node:
        assert await node.send("in") == {"url": "https://a", "limit": 10}


async def test_a_node_without_its_settings_says_what_is_missing() -> None:
    async with run(Sum) as other:
        node = ComponentInstance(spec_of(Strict), other)
        problem = await node.apply_settings({})
        assert problem is not None
        assert problem.field == "/url"
        with pytest.raises(Fail, match="/url") as failure:
            await node.deliver(other.begin(), "in", {})
        assert failure.value.code == "settings_rejected"
        assert await node.apply_settings({"url": "https://a"}) is None
        assert await node.deliver(other.begin(), "in", {}) == {"url": "https://a", "limit": 10}


async def test_a_rejected_message_names_the_edge_and_the_sender() -> None:
    async with run(Sum) as node:
        ctx = node.begin().child("edge-1", 0, "project.module.sender-abc")
        with pytest.raises(MessageRejected, match=r"sender-abc: /amount: Input should be a valid integer") as rejected:
            await node.instance.deliver(ctx, "add", {"amount": "hunter2"})
        assert "hunter2" not in rejected.value.problem.message
        assert rejected.value.problem.to_json() == {
            "code": "message_rejected",
            "message": rejected.value.problem.message,
            "field": "/amount",
            "edge": "edge-1",
            "port": "add",
            "node": "node",
        }


async def test_control_fields_are_checked_and_failures_come_back() -> None:
    async with run(Sum) as node:
        with pytest.raises(MessageRejected) as rejected:
            await node.press("clear", note="longer than ten characters")
        assert rejected.value.problem.field == "/note"
        with pytest.raises(MessageRejected, match="one button at a time"):
            await node.press("clear", fail=True)
        with pytest.raises(Fail, match="never works"):
            await node.press("fail")
        assert await node.instance.control(node.begin(), {"clear": False}) == node.control
        assert node.resource.metadata == {}


class Direct(Component):
    """Implements the interface of the documents itself."""

    class Limits(Model):
        limit: int = Field(2, ge=1)

    class Panel(Model):
        seen: int = Field(readonly=True)
        forget: Button = button("Forget")

    def __init__(self) -> None:
        self.limits = self.Limits()
        self.seen = 0

    def info(self) -> ComponentInfo:
        return ComponentInfo("direct", "Straight", "All in one method", category="Test", tags=("direct",))

    def ports(self) -> list[Port]:
        return [
            Port("_settings", "Settings", Position.TOP, True, self.Limits()),
            Port("_control", "Control", Position.TOP, True, self.Panel),
            Port("_reconcile", "Reconcile", Position.TOP, True),
            Port("in", "In", Position.LEFT, True),
            Port("out", "Out", Position.RIGHT, False, Total),
        ]

    def control(self) -> Any:
        return self.Panel(seen=self.seen)

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        if port == "_settings":
            if message.limit == 13:
                raise Fail("13 brings bad luck")
            self.limits = message
            return None
        self.seen += 1
        assert output_handler(ctx) is not None
        return await output(ctx, "out", Total(total=min(len(message), self.limits.limit) if is_leader(ctx) else -1))

    async def handle_control(self, ctx: Context, state: Any, port: str, message: Any) -> Any:
        assert (port, state.seen) == ("forget", self.seen)
        self.seen = 0
        return self.control()


async def test_the_direct_interface_works_as_the_declarations_do() -> None:
    spec = spec_of(Direct)
    assert (spec.name, spec.title, spec.description) == ("direct", "Straight", "All in one method")
    assert spec.tags == ("direct",)
    assert [(port.name, port.source) for port in spec.ports] == [
        ("_settings", False),
        ("_control", True),
        ("in", False),
        ("out", True),
    ]
    async with run(Direct, settings={"limit": 5}) as node:
        node.replies["out"] = lambda value: value
        assert await node.send("in", [1, 2, 3]) == {"total": 3}
        problem = await node.set(limit=13)
        assert problem is not None
        assert problem.message == "13 brings bad luck"
        await node.set(limit=1)
        assert await node.send("in", [1, 2, 3]) == {"total": 1}
        assert await node.press("forget") == {"seen": 0, "forget": False}
        with pytest.raises(MessageRejected, match="has no input 'other'; it has: in"):
            await node.send("other", {})
    async with run(Direct, leader=False) as node:
        await node.send("in", [1])
        assert node.emitted[0].value == {"total": -1}


async def test_the_declarations_can_be_driven_through_the_direct_interface() -> None:
    async with run(Sum) as node:
        component = node.instance.component
        assert [port.name for port in component.ports()][:3] == ["_settings", "_control", "add"]
        assert all(port.source for port in component.ports() if port.name.startswith(("_", "add")))
        ctx = node.begin()
        with pytest.raises(Fail, match="unknown port: nowhere"):
            await component.handle(ctx, node.instance.emit, "nowhere", None)
        with pytest.raises(Fail, match="unknown control"):
            await component.handle_control(ctx, None, "nothing", None)
        assert type(component.instance()) is Sum


async def test_an_output_of_the_class_itself_cannot_emit() -> None:
    with pytest.raises(RuntimeError, match="belongs to a class"):
        await Sum.out.emit(Context(), Total(total=1))


class Scheduled(Component):
    """Has fields that depend on others."""

    class Settings(Model):
        class Step(Model):
            kind: Literal["wait", "go"] = "go"
            wait_for: str | None = Field(None, required_when=("kind", "equal", "wait"))

        mode: Literal["cron", "at"] = "at"
        cron_line: str = Field("", required_when=("mode", "in", ["cron"]))
        steps: list[Step] = Field(default_factory=list)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"mode": "cron"}, "/cronLine"),
        ({"mode": "cron", "cronLine": "* * * * *"}, None),
        ({"mode": "at", "cronLine": ""}, None),
        ({"steps": [{}, {"kind": "wait"}]}, "/steps/1/waitFor"),
        ({"steps": [{"kind": "wait", "waitFor": "them"}]}, None),
    ],
)
async def test_settings_lack_what_a_condition_asks_for(settings: dict[str, Any], field: str | None) -> None:
    async with run(Scheduled) as node:
        problem = await node.set(**settings)
        assert (problem.field if problem else None) == field
        if problem:
            assert "is required, as" in problem.message
            assert node.instance.component.settings.mode == "at"


class Unfilled(Component):
    """Lacks a field from the start."""

    class Settings(Model):
        mode: Literal["cron", "at"] = "cron"
        cron_line: str = Field("", required_when=("mode", "equal", "cron"))

    settings: Settings

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        return self.settings.cron_line


async def test_a_node_whose_defaults_lack_a_field_takes_messages_once_it_is_there() -> None:
    instance = ComponentInstance(spec_of(Unfilled), Node(Unfilled, Resource(), None))
    assert (await instance.apply_settings({})) is not None
    with pytest.raises(Fail, match="cronLine is required"):
        await instance.deliver(Context(), "in", {})
    assert await instance.apply_settings({"cronLine": "@daily"}) is None
    assert await instance.deliver(Context(), "in", {}) == "@daily"
