"""One connection, fed by hand: whole answers in whatever pieces, and never a part of one for the whole."""

import asyncio
import gzip
from typing import cast

import pytest

from weirflow.outbound.http.exchange import Answer, Broken, Exchange, Full, Room

BODY = b'{"ok": true, "text": "' + b"x" * 40 + b'"}'
CHUNKED = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:])) + b"0\r\n\r\n"
ZIPPED = gzip.compress(BODY, mtime=0)
ANSWERS = {
    "length": b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nx: y\r\n\r\n%s" % (len(BODY), BODY),
    "chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + CHUNKED,
    "gzip": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (len(ZIPPED), ZIPPED),
    "hint first": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY),
}


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def opened() -> tuple[Exchange, Wire, Room]:
    wire, room = Wire(), Room(1 << 20)
    exchange = Exchange(lambda _: None, room)
    exchange.connection_made(cast("asyncio.Transport", wire))
    return exchange, wire, room


async def asked(exchange: Exchange, pieces: list[bytes], *, ends: bool = False) -> Answer:
    task = asyncio.create_task(exchange.ask(b"GET / HTTP/1.1\r\n\r\n", b"", 1 << 20, bodiless=False))
    await asyncio.sleep(0)
    for piece in pieces:
        exchange.data_received(piece)
    if ends:
        exchange.connection_lost(None)
    return await asyncio.wait_for(task, 30)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_is_the_same_in_whatever_pieces_it_comes(answer: bytes) -> None:
    exchange, wire, room = opened()
    for cut in range(1, len(answer)):
        found = await asked(exchange, [answer[:cut], answer[cut:]])
        assert (found.status, found.body) == (200, BODY), cut
        assert exchange.usable
    found = await asked(exchange, [answer[place : place + 1] for place in range(len(answer))])
    assert found.body == BODY
    assert not wire.closed
    assert room.taken == 0


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_a_part_of_an_answer_is_none(answer: bytes) -> None:
    for cut in range(len(answer)):
        exchange, _, room = opened()
        with pytest.raises(Broken) as caught:
            await asked(exchange, [answer[:cut]] if cut else [], ends=True)
        assert caught.value.early is (cut == 0)
        assert not exchange.usable
        assert room.taken == 0


async def test_bodies_under_way_share_their_room() -> None:
    exchange, _, room = opened()
    room.taken = room.bytes
    with pytest.raises(Full):
        await asked(exchange, [ANSWERS["length"]])
    assert room.taken == room.bytes
