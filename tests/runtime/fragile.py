"""A module of components that raise, each in another of the places that an author can fill."""

from typing import Any

from weirflow import Component, Context, Field, Identity, Model, Module, Port, Result, input


class Fragile(Component):
    """Stands, until one of its methods is made to raise."""

    class Settings(Model):
        size: int = 1

    class Control(Model):
        size: int = Field(readonly=True)

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        return {"taken": True}

    def control(self) -> Any:
        return self.Control(size=self.settings.size)


def _fall(*_: Any, **__: Any) -> Any:
    raise RuntimeError("it fell to pieces")


async def _fall_later(self: Any, *_: Any) -> Any:
    raise RuntimeError("it fell to pieces")


async def _start(self: Any, ctx: Context) -> None:
    _fall()


async def _identity(self: Any, identity: Identity) -> None:
    _fall()


class OddResult(Fragile):
    """Returns what JSON cannot carry."""

    name = "odd_result"

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        return object()


class Growing(Fragile):
    """Starts a task with every message, and none of them ever ends."""

    name = "growing"

    @input("in")
    async def take(self, ctx: Context, message: Any) -> Result:
        import asyncio

        for _ in range(message["tasks"]):
            self.spawn(asyncio.Event().wait(), "waits")  # type: ignore[arg-type]
        return {"taken": True}


def _with(name: str, **members: Any) -> type[Component]:
    return type(name.title().replace("_", ""), (Fragile,), {"name": name, "__doc__": "Raises.", **members})


def _ports(self: Any) -> list[Port]:
    """Falls only once the node has settings of its own: the module could not be registered otherwise."""
    return _fall() if self.settings.size > 1 else Component.ports(self)


module = Module(
    "fragile-v1",
    "0.1.0",
    [
        Fragile,
        _with("in_init", __init__=_fall),
        _with("in_identity", on_identity=_identity),
        _with("in_client", on_client=_fall_later),
        _with("in_settings", on_settings=_fall_later),
        _with("in_start", start=_start),
        _with("in_control", control=_fall),
        _with("in_live", live=_fall),
        _with("in_ports", ports=_ports),
        OddResult,
        Growing,
    ],
)
