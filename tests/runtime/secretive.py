"""A module whose components have a secret in their settings, and are careless with it."""

import base64
import logging
from typing import Any
from urllib.parse import quote

from weirflow import Component, Context, Field, Model, Module, Port, Result, StateStore, input, output

log = logging.getLogger(__name__)


class Careless(Component):
    """Shows its token wherever it can: in its value, its messages, its state, its errors and the log."""

    class Settings(Model):
        token: str = Field("", secret=True)
        plain: str = Field("")

    class State(Model):
        seen: str = ""

    class Control(Model):
        shown: str = Field("", readonly=True)

    settings: Settings
    state: StateStore[State]
    out = output("out")

    async def on_settings(self) -> None:
        log.warning("my token is %s", self.settings.token)

    def ports(self) -> list[Port]:
        class Told(Model):
            text: str = Field("", description=f"Told with {self.settings.token}")

        return [*super().ports(), Port.output("told", Told, label=f"Told with {self.settings.token}")]

    def live(self) -> str:
        return f"token {self.settings.token}"

    def control(self) -> Control:
        return self.Control(shown=f"token {self.settings.token}")

    @input("in")
    async def tell(self, ctx: Context, message: Any) -> Result:
        token = self.settings.token
        basic = base64.b64encode(f"ann:{token}".encode()).decode()
        told = {"plain": f"it is {token}", "header": f"Basic {basic}", "link": f"/?t={quote(token, safe='')}", token: 1}
        await self.out.emit(ctx, told)
        return {"token": token, "plain": self.settings.plain, "message": message}

    @input("fail")
    async def fail(self, ctx: Context, message: Any) -> Result:
        raise RuntimeError(f"cannot sign in with {self.settings.token}")

    @input("keep")
    async def keep(self, ctx: Context, message: Any) -> Result:
        async with self.state.change() as state:
            state.seen = self.settings.token


class Clock(Component):
    """A source that says whether it runs."""

    class Settings(Model):
        token: str = Field("", secret=True)

    settings: Settings
    out = output("out")

    def __init__(self) -> None:
        self.running = False

    async def start(self, ctx: Context) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False

    def live(self) -> str:
        return f"running with {len(self.settings.token)} characters" if self.running else "stopped"


module = Module("secretive-v1", "0.1.0", [Careless, Clock])
