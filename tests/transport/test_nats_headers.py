"""Headers of NATS messages: what is written is read again, and nothing breaks out of its line."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.transport.conftest import envelope
from weirflow.errors import Fail
from weirflow.transport.nats_headers import read_answer, read_envelope, write_envelope, write_failure

NAME = st.text(string.ascii_letters + string.digits + "._-äß€ ", min_size=1, max_size=60).map(str.strip)
LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(deadline=None)
@given(
    target=NAME,
    source=NAME,
    edge=NAME,
    payload=st.binary(max_size=100),
    operation_id=st.text(string.hexdigits, min_size=1, max_size=40),
    depth=st.integers(1, 300),
    timeout=st.integers(1, 10**9).map(lambda ms: ms / 1000),
    forwarded=st.booleans(),
    epoch=st.integers(0, 2**40),
    run=st.sampled_from(["", "0123456789abcdef01234567", "a run"]),
)
def test_an_envelope_survives_the_way(**fields: object) -> None:
    message = envelope(**{**fields, "epoch": fields["epoch"] if fields["forwarded"] else 0})
    block = write_envelope(message)
    assert read_envelope(block, message.payload) == message
    first, *lines = block.decode().removesuffix("\r\n\r\n").split("\r\n")
    others = "\r\n".join([first, *reversed(lines), "x-newer: 1", "", ""]).encode()
    assert read_envelope(others, message.payload) == message


@pytest.mark.parametrize("name", ["a:in\r\nx-to: b:in", "a:in\nx-to: b", "a:in\rx", "\r\n"])
def test_a_name_with_a_line_break_is_refused(name: str) -> None:
    for fields in (
        {"target": name},
        {"source": name},
        {"edge": name},
        {"operation_id": name},
        {"traceparent": name},
        {"run": name},
    ):
        with pytest.raises(Fail) as caught:
            write_envelope(envelope(**fields))
        assert (caught.value.code, caught.value.permanent) == ("edge_invalid", True)


@settings(deadline=None)
@given(message=LINE, code=LINE, retryable=st.booleans())
@example(message="", code="\r\n", retryable=False)
def test_a_failure_survives_the_way_whatever_it_says(message: str, code: str, retryable: bool) -> None:
    block = write_failure(Fail(message, code=code or "failed", retryable=retryable))
    lines = block.decode().split("\r\n")
    assert [line.partition(":")[0] for line in lines[1:-2]] == (
        ["x-error", "x-weirflow-failure"] if retryable else ["x-error", "x-error-code", "x-weirflow-failure"]
    )
    with pytest.raises(Fail) as caught:
        read_answer(block, b"")
    assert (str(caught.value), caught.value.code, caught.value.retryable) == (message, code or "failed", retryable)


@settings(deadline=None)
@given(block=st.binary(max_size=300), payload=st.binary(max_size=20))
def test_whatever_arrives_is_a_message_or_a_failure(block: bytes, payload: bytes) -> None:
    for read in (read_envelope, read_answer):
        try:
            read(block, payload)
        except Fail:
            continue
