"""The broker of one machine: who reads while another writes gets whole messages, each once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from config.broker import Channel

QUEUE = "work"
MESSAGES = 200
LONG = "x" * 500_000
"""Longer than what one write puts on a disk at once."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    return tmp_path


@pytest.fixture
def connection(folder: Path) -> Iterator[Connection]:
    messages = str(folder / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(folder / "control")}
    with Connection("filesystem://", transport="config.broker:Transport", transport_options=options) as connection:
        yield connection


def _channel(connection: Connection) -> Channel:
    channel = connection.clone().channel()
    assert isinstance(channel, Channel)
    return channel


def test_a_message_is_there_when_it_is_whole(connection: Connection, folder: Path) -> None:
    def write() -> None:
        channel = _channel(connection)
        for number in range(MESSAGES):
            channel._put(QUEUE, {"number": number, "text": LONG})

    writer, reader = threading.Thread(target=write), _channel(connection)
    writer.start()
    came: list[int] = []
    while len(came) < MESSAGES:
        last = not writer.is_alive()
        try:
            message = reader._get(QUEUE)
        except Empty:
            assert not last, f"{len(came)} of {MESSAGES} came"
            continue
        assert message["text"] == LONG
        came.append(message["number"])
    writer.join()
    assert came == list(range(MESSAGES))
    assert list((folder / "messages").iterdir()) == []


def test_what_is_not_whole_is_let_go_and_the_next_comes(connection: Connection, folder: Path) -> None:
    (folder / "messages" / f"0_left.{QUEUE}.msg").write_text('{"numb')
    channel = _channel(connection)
    channel._put(QUEUE, {"number": 1})
    assert channel._get(QUEUE) == {"number": 1}
    with pytest.raises(Empty):
        channel._get(QUEUE)


def test_the_table_of_an_exchange_is_never_empty(connection: Connection) -> None:
    """Whoever sends while a queue is made finds all of those that are there."""
    made, stop = 100, threading.Event()
    sender, maker = _channel(connection), _channel(connection)
    faults: list[ValueError] = []

    def look() -> None:
        while not stop.is_set():
            for number in range(made):
                try:
                    sender.get_table(f"e{number}")
                except ValueError as fault:
                    faults.append(fault)

    looking = threading.Thread(target=look)
    looking.start()
    for number in range(made):
        maker._queue_bind(f"e{number}", "key", "", QUEUE)
        maker._queue_bind(f"e{number}", "key", "", "another")
    stop.set()
    looking.join()
    assert faults == []
    assert {entry[2] for entry in sender.get_table("e0")} == {QUEUE, "another"}
