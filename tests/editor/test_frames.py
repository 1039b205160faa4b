"""Frames that go to a websocket's connection as they are: on a pair of real sockets."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.tcp import Connection

from config.frames import frame_writer


class Reactor:
    """Knows which connection wants to write, and lets it when told."""

    def __init__(self) -> None:
        self.waiting: set[Any] = set()

    def addWriter(self, writer: Any) -> None:
        self.waiting.add(writer)

    def removeWriter(self, writer: Any) -> None:
        self.waiting.discard(writer)


class Protocol:
    """The parts of the library's websocket that are asked."""

    STATE_OPEN = state = 3
    muted = False

    def __init__(self, connection: Connection) -> None:
        self.transport = connection
        self.send_queue: list[bytes] = []

    def sendData(self, data: bytes) -> None:
        self.transport.write(data)


@pytest.fixture
def ends() -> Iterator[tuple[Protocol, Reactor, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    reactor = Reactor()
    connection = Connection(ours, None, reactor)
    connection.connected = True
    yield Protocol(connection), reactor, theirs
    ours.close()
    theirs.close()


def test_what_the_kernel_takes_is_gone_at_once(ends: tuple[Protocol, Reactor, socket.socket]) -> None:
    protocol, reactor, theirs = ends
    frame_writer(protocol)(b"frame")
    assert theirs.recv(100) == b"frame"
    assert not reactor.waiting


def test_what_it_does_not_take_waits_in_order(ends: tuple[Protocol, Reactor, socket.socket]) -> None:
    protocol, reactor, theirs = ends
    write, sent = frame_writer(protocol), b""
    for number in range(200):
        frame = bytes([number]) * 50_000
        write(frame)
        sent += frame
    assert reactor.waiting
    came = b""
    while len(came) < len(sent):
        try:
            came += theirs.recv(1 << 20)
        except BlockingIOError:
            protocol.transport.doWrite()
    assert came == sent
    assert not reactor.waiting


def test_nothing_goes_to_a_websocket_that_is_closing(ends: tuple[Protocol, Reactor, socket.socket]) -> None:
    protocol, _, theirs = ends
    protocol.state = 1
    frame_writer(protocol)(b"frame")
    with pytest.raises(BlockingIOError):
        theirs.recv(100)
