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

from weirflow.errors import Fail, NotLeader
from weirflow.transport.base import FOREIGN, Receive, Unreachable
from weirflow.transport.calls import Calls, Timers
from weirflow.transport.envelope import Envelope
from weirflow.transport.handling import Handling, Outcome
from weirflow.transport.nats_client import ShortClient
from weirflow.transport.nats_connection import NatsConnection
from weirflow.transport.nats_headers import (
    EMPTY_ANSWER,
    PING,
    is_ping,
    knows_notes,
    read_answer,
    read_envelope,
    says_nobody_listens,
    taken_by,
    write_envelope,
    write_failure,
    write_taken,
)
from weirflow.transport.nats_liveness import Holders, Taken
from weirflow.transport.nats_options import NatsOptions
from weirflow.transport.sizes import check_size

_HOST = "nats://weirflow.host."
#: Marks the answers to the question whether a host is there, in the place of a call's number.
_PONG = b"p-"


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
        self._taken = Taken(self._say_taken)
        self._holders = Holders(self._ask, self._holder_lost)

    @property
    def address(self) -> str:
        return f"{_HOST}{self._identity}"

    async def start(self, receive: Receive | None = None) -> None:
        """Without ``receive`` it only calls."""
        self._handling = Handling(receive) if receive is not None else None
        await self._connection.start()

    async def call(self, address: str, envelope: Envelope) -> bytes | None:
        client = self._connection.client
        if client is None:
            raise Unreachable(self._connection.problem, delivered=False)
        headers = write_envelope(envelope)
        size = len(headers) + len(envelope.payload)
        check_size(size, client.max_payload, f"the message to {envelope.target}", "NATS")
        number = self._calls.begin()
        subject, foreign = address.removeprefix("nats://"), address.endswith(FOREIGN)
        client.send(subject.removesuffix(FOREIGN), f"{self._inbox}{number}", headers, envelope.payload)
        if address.startswith(_HOST):
            self._holders.holds(number, address.removeprefix(_HOST))
        elif not foreign:
            self._holders.sent(number)
        try:
            return await self._calls.answer(number, envelope.timeout, envelope.target)
        finally:
            self._holders.ended(number)

    async def stop(self, seconds: float) -> None:
        if (client := self._connection.client) is not None:
            with contextlib.suppress(Error, OSError, TimeoutError):
                for subscription in self._taking:
                    await subscription.unsubscribe()
                await client.settle(1)
        if self._handling is not None:
            await self._handling.stop(seconds)
        self._taken.stop()
        self._holders.stop()
        self._calls.fail_all("this host stops")
        await self._connection.stop()

    async def _subscribe(self, client: ShortClient) -> None:
        await client.listen(f"{self._inbox}*", self._answered)
        if self._handling is None:
            return
        self._taking = [await client.listen(self.address.removeprefix("nats://"), self._arrived)]
        for module in self._modules:
            self._taking += [
                await client.listen(f"tinymodule.{module}.msg", self._arrived, queue=module),
                await client.listen(f"tinymodule.{module}.sysmsg", self._heard),
            ]

    # The caller's side.

    def _answered(self, subject: bytes, _reply: bytes, headers: bytes | None, payload: bytes) -> None:
        token = subject[len(self._inbox) :]
        if token.startswith(_PONG):
            identity = token[len(_PONG) :].decode("utf-8", "replace")
            if headers is not None and says_nobody_listens(headers):
                self._holders.is_gone(identity)
            else:
                self._holders.is_there(identity)
        elif token.isdigit():
            self._take_answer(int(token), headers, payload)

    def _take_answer(self, number: int, headers: bytes | None, payload: bytes) -> None:
        try:
            result = read_answer(headers, payload)
        except Fail as error:
            self._calls.fail(number, error)
            return
        if result is None and headers is not None:
            if says_nobody_listens(headers):
                message = "nobody takes messages there at present; start a host that serves the module"
                self._calls.fail(number, Unreachable(message, delivered=False))
                return
            if identity := taken_by(headers):
                if self._calls.is_waiting(number):
                    self._holders.holds(number, identity)
                return
        self._calls.resolve(number, result)

    def _lost(self, reason: str) -> None:
        self._calls.fail_all(reason)

    def _ask(self, identity: str) -> None:
        if (client := self._connection.client) is not None:
            client.send(f"weirflow.host.{identity}", f"{self._inbox}{_PONG.decode()}{identity}", PING, b"")

    def _holder_lost(self, number: int, identity: str) -> None:
        who = f"the host {identity}, which had the message," if identity else "the host that had the message"
        self._calls.fail(number, Unreachable(f"{who} is gone or frozen"))

    # The receiver's side.

    def _arrived(self, _subject: bytes, reply: bytes, headers: bytes | None, payload: bytes) -> None:
        assert self._handling is not None
        inbox = reply.decode("utf-8", "replace")
        if headers is not None and is_ping(headers):
            self._send(inbox, EMPTY_ANSWER, b"")
            return
        answer = functools.partial(self._reply, inbox)
        try:
            envelope = read_envelope(headers, payload)
        except Fail as error:
            answer(error)
            return
        if headers is not None and knows_notes(headers):
            self._taken.began(inbox)
        self._handling.take(envelope, answer)

    def _heard(self, _subject: bytes, reply: bytes, headers: bytes | None, payload: bytes) -> None:
        """A message to all replicas: one of them leads and answers."""
        assert self._handling is not None
        inbox = reply.decode("utf-8", "replace")

        def answer(outcome: Outcome) -> None:
            if not isinstance(outcome, Fail) or outcome.code != NotLeader.code:
                self._reply(inbox, outcome)

        with contextlib.suppress(Fail):
            self._handling.take(read_envelope(headers, payload), answer)

    def _say_taken(self, inbox: str) -> None:
        self._send(inbox, write_taken(self._identity), b"")

    def _reply(self, inbox: str, outcome: Outcome) -> None:
        self._taken.ended(inbox)
        if isinstance(outcome, bytes):
            self._send(inbox, b"", outcome)
        else:
            self._send(inbox, EMPTY_ANSWER if outcome is None else write_failure(outcome), b"")

    def _send(self, inbox: str, headers: bytes, payload: bytes) -> None:
        client = self._connection.client
        if not inbox or client is None:
            # Nobody asked, or nobody can be told: who asked knows that the connection broke.
            return
        try:
            check_size(len(payload), client.max_payload, "the result", "NATS")
        except Fail as error:
            headers, payload = write_failure(error), b""
        client.send(inbox, "", headers, payload)
