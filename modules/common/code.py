"""The code node."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from weirflow import Button, Component, Context, Fail, Field, Model, Result, button, input, on_control, output
from weirflow.identity import Identity
from weirflow.sandbox import Limits, Pool, Sandbox, SandboxLevel

#: Characters of the newest prints that are kept, all together.
LOG_LIMIT = 16_000
#: How long calls of code that was replaced may go on.
STOP_SECONDS = 2.0
MIB = 1 << 20


class CodeInput(Model):
    """What the code is called with."""

    message: Any = Field(
        None, title="Message", description="What the code finds in its variable message", configurable=True
    )


class Code(Component):
    """Calls a Python function that you write, in a sandbox of its own.

    The settings hold the function's body. It finds the message in the variable `message`, and what it returns is sent
    on; when it returns nothing (None) the message ends here:

        total = sum(item["price"] * item["count"] for item in message["items"])
        return {**message, "total": round(total, 2)}

    It runs in a process without files, network, environment, threads or other programs, and may import a part of the
    standard library: `re`, `json`, `math`, `datetime`, `zoneinfo`, `statistics`, `csv`, `hashlib` and the like. What it
    prints stands in the control panel. Keep nothing between calls, in a module or elsewhere: processes come and go, and
    each message may meet another. Adding a code node or changing its settings needs the right to, which owners and
    editors have unless the project leaves it to its owners.

    Fails with `code_error` (an exception, with its line), `code_timeout`, `code_memory`, `code_crashed`, `code_result`
    (what it returned is not JSON, or too long), `code_message` (the message is too long), `code_busy` (too many wait)
    and `code_sandbox` (this host cannot run code safely). A text that is no Python is refused with `code_syntax`.
    """

    category = "Data"
    icon = "code"
    tags = ("python", "function", "script", "program")
    runs_code = True

    class Settings(Model):
        code: str = Field(
            "return message",
            title="Code",
            description="The body of a function that has the variable message; what it returns is sent on",
            format="code",
            language="python",
            max_length=60_000,
        )
        deadline: int = Field(
            1000, ge=10, le=60_000, title="Deadline", description="Milliseconds for one message; then it is stopped"
        )
        memory: int = Field(
            128, ge=16, le=2048, title="Memory", description="MiB that a process may use beside the interpreter's own"
        )
        processes: int = Field(
            2, ge=1, le=8, title="Processes", description="How many messages are worked on at the same time, at most"
        )

    class Control(Model):
        calls: int = Field(title="Calls", readonly=True, chart="line", description="Since the module started")
        sandbox: str = Field(title="Sandbox", readonly=True, description="How well the code is shut in on this host")
        printed: str = Field(
            title="Printed", readonly=True, description="The newest that the code has printed", format="textarea"
        )
        clear: Button = button("Clear")

    settings: Settings

    out = output("out", label="Out", definition="code-result")

    def __init__(self) -> None:
        self._sandbox: Sandbox | None = None
        self._pool: Pool | None = None
        self._project = ""
        self._in_force: tuple[str, Limits] | None = None
        self._calls = 0
        self._log: deque[str] = deque()
        self._logged = 0

    async def on_identity(self, identity: Identity) -> None:
        self._project = identity.project

    async def on_settings(self) -> None:
        if (wanted := self._wanted()) == self._in_force and self._pool is not None:
            return
        wrong = await self._entered().check(self.settings.code, project=self._project)
        if wrong is not None:
            raise Fail(
                f"line {wrong['line']}: {wrong['text']}; correct the code",
                code="code_syntax",
                permanent=True,
                field="/code",
            )
        before, self._pool, self._in_force = self._pool, None, wanted
        if before is not None:
            self.spawn(before.finish(STOP_SECONDS), "code that was replaced")

    @input("in", label="In")
    async def call(self, ctx: Context, message: CodeInput) -> Result:
        self._calls += 1
        pool = self._pool or self._fresh()
        try:
            result = await pool.call(message.message)
        finally:
            self.publish()
        return None if result is None else await self.out.emit(ctx, result)

    @on_control("clear")
    async def clear(self, ctx: Context) -> None:
        self._log.clear()
        self._logged = 0

    def control(self) -> Control:
        walls = self._sandbox.walls if self._sandbox is not None else None
        return self.Control(calls=self._calls, sandbox=str(walls or ""), printed="".join(self._log))

    def live(self) -> str:
        walls = self._sandbox.walls if self._sandbox is not None else None
        weak = "weak sandbox" if walls is not None and walls.level is SandboxLevel.WEAK else ""
        return " · ".join(part for part in (_counted(self._calls), weak) if part)

    def _wanted(self) -> tuple[str, Limits]:
        settings = self.settings
        return settings.code, Limits(
            deadline=settings.deadline / 1000, memory=settings.memory * MIB, processes=settings.processes
        )

    def _fresh(self) -> Pool:
        code, limits = self._in_force or self._wanted()
        self._pool = self._entered().pool(code, limits, self._print, project=self._project)
        return self._pool

    def _entered(self) -> Sandbox:
        """The sandbox of this host, which has processes as long as a node needs it."""
        if self._sandbox is None:
            self._sandbox = Sandbox.here()
            self._sandbox.enter()
            self.spawn(self._kept(self._sandbox), "sandbox")
        return self._sandbox

    async def _kept(self, sandbox: Sandbox) -> None:
        """Until the node ends."""
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            pool, self._pool, self._sandbox = self._pool, None, None
            if pool is not None:
                pool.close()
            await sandbox.leave()

    def _print(self, text: str) -> None:
        text = text[-LOG_LIMIT:]
        self._log.append(text)
        self._logged += len(text)
        while self._logged > LOG_LIMIT:
            self._logged -= len(self._log.popleft())


def _counted(calls: int) -> str:
    return "" if not calls else "1 call" if calls == 1 else f"{calls:,} calls"
