"""Messages by NATS, request and reply, so that modules made with the public SDK take part as well.

A module's business messages go to ``tinymodule.<module>.msg``, where its replicas form a queue group; those to system
ports go to ``tinymodule.<module>.sysmsg``, which all replicas hear; a host's own go to ``weirflow.host.<identity>``.
An address is a subject behind ``nats://``.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Sequence

from nats.aio.subscription import Subscription
from nats.errors import Error

from weirflow.errors import Fail
from weirflow.transport.base import Receive, Unreachable
from weirflow.transport.calls import Calls, Timers
from weirflow.transport.envelope import Envelope
from weirflow.transport.handling import Handling, Outcome
from weirflow.transport.nats_client import ShortClient
from weirflow.transport.nats_connection import NatsConnection
from weirflow.transport.nats_headers import (
    EMPTY_ANSWER,
    read_answer,
    read_envelope,
    says_nobody_listens,
    write_envelope,
    write_failure,
)
from weirflow.transport.nats_options import NatsOptions
from weirflow.transport.sizes import check_size


def module_address(module: str) -> str:
    """Where any replica of ``module`` takes messages."""
    return f"nats://tinymodule.{module}.msg"


class NatsTransport:
    """``identity`` names the host; ``modules`` are those it serves."""

    scheme = "nats"

    def __init__(self, options: NatsOptions, identity: str, modules: Sequence[str], timers: Timers) -> None:
        self._identity, self._modules = identity, tuple(modules)
        self._connection = NatsConnection(options, f"weirflow {identity}", self._subscribe, self._lost)
        self._calls = Calls(timers)
        self._inbox = f"_INBOX.{os.urandom(11).hex()}."
        self._handling: Handling | None = None
        self._taking: list[Subscription] = []

    @property
    def address(self) -> str:
        return f"nats://weirflow.host.{self._identity}"

    async def start(self, receive: Receive) -> None:
        self._handling = Handling(receive)
        await self._connection.start()

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        client = self._connection.client
        if client is None:
            raise Unreachable(self._connection.problem, delivered=False)
        headers = write_envelope(envelope)
        size = len(headers) + len(envelope.payload)
        check_size(size, client.max_payload, f"the message to {envelope.target}", "NATS")
        number = self._calls.begin()
        client.send(address.removeprefix("nats://"), f"{self._inbox}{number}", headers, envelope.payload)
        return await self._calls.answer(number, envelope.timeout, envelope.target)

    async def stop(self, seconds: float) -> None:
        if (client := self._connection.client) is not None:
            with contextlib.suppress(Error, OSError, TimeoutError):
                for subscription in self._taking:
                    await subscription.unsubscribe()
                await client.settle(1)
        if self._handling is not None:
            await self._handling.stop(seconds)
        self._calls.fail_all("this host stops")
        await self._connection.stop()

    async def _subscribe(self, client: ShortClient) -> None:
        await client.listen(f"{self._inbox}*", self._answered)
        self._taking = [await client.listen(self.address.removeprefix("nats://"), self._arrived)]
        for module in self._modules:
            self._taking += [
                await client.listen(f"tinymodule.{module}.msg", self._arrived, queue=module),
                await client.listen(f"tinymodule.{module}.sysmsg", self._arrived),
            ]

    def _lost(self, reason: str) -> None:
        self._calls.fail_all(reason)

    def _answered(self, subject: bytes, _reply: bytes, headers: bytes | None, payload: bytes) -> None:
        token = subject[len(self._inbox) :]
        if not token.isdigit():
            return
        number = int(token)
        try:
            result = read_answer(headers, payload)
        except Fail as error:
            self._calls.fail(number, error)
            return
        if result is None and headers is not None and says_nobody_listens(headers):
            message = "nobody takes messages there at present; start a host that serves the module"
            self._calls.fail(number, Unreachable(message, delivered=False))
        else:
            self._calls.resolve(number, result)

    def _arrived(self, _subject: bytes, reply: bytes, headers: bytes | None, payload: bytes) -> None:
        assert self._handling is not None
        answer = functools.partial(self._reply, reply.decode("utf-8", "replace"))
        try:
            envelope = read_envelope(headers, payload)
        except Fail as error:
            answer(error)
            return
        self._handling.take(envelope, answer)

    def _reply(self, reply: str, outcome: Outcome) -> None:
        client = self._connection.client
        if not reply or client is None:
            # Nobody asked, or nobody can be told: who asked knows that the connection broke.
            return
        if isinstance(outcome, bytes):
            try:
                check_size(len(outcome), client.max_payload, "the result", "NATS")
                client.send(reply, "", b"", outcome)
                return
            except Fail as error:
                outcome = error
        client.send(reply, "", EMPTY_ANSWER if outcome is None else write_failure(outcome), b"")
