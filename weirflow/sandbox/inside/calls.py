"""A worker's work: one frame after the other, until its host hangs up."""

from __future__ import annotations

import json
import os
import sys
from types import CodeType, FunctionType, TracebackType
from typing import Any

from . import compiler
from .frames import ANSWER, CALL, CHECK, COMPILED, FAILED, HEADER, HELLO, LAST, LOAD, LOG
from .prints import Prints

_READ = 1 << 16
_TEXT = 1000

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class Worker:
    """On the descriptor `socket`. `most` is how long an answer may be, in bytes; `printed` what is kept of what each
    call prints, in characters."""

    def __init__(self, socket: int, most: int, printed: int) -> None:
        self._socket, self._most = socket, most
        self._buffer = bytearray()
        self._code: CodeType | None = None
        self._prints = Prints(printed)

    def serve(self, walls: list[str]) -> None:
        """Say hello, then answer until the socket ends. Raises `OSError` when the host has gone."""
        sys.stdout = sys.stderr = self._prints
        self._send(HELLO, json.dumps(walls).encode())
        while (frame := self._next()) is not None:
            kind, payload = frame
            if kind == CALL:
                if not self._call(payload):
                    return
            elif kind in (LOAD, CHECK):
                self._compile(payload.decode(), keep=kind == LOAD)

    def _compile(self, text: str, *, keep: bool) -> None:
        wrong = compiler.problem(text)
        if keep and wrong is None:
            self._code = compiler.compile_body(text)
        self._send(COMPILED, json.dumps(wrong).encode())

    def _call(self, payload: bytes) -> bool:
        """Answer one message; False when this process should take no other."""
        try:
            if self._code is None:
                # It compiled where it was checked: here there was no room for that.
                raise MemoryError
            # Globals of its own for each call: what one sets, the next does not find.
            run = FunctionType(self._code, {"__builtins__": __builtins__, "__name__": compiler.NAME})
            kind, answer = ANSWER, self._written(run(_decode(payload.decode())))
        except MemoryError as error:
            kind, answer = LAST, _failure("memory", error)
        except _NotJson as error:
            kind, answer = FAILED, _failure("result", error)
        except BaseException as error:
            kind, answer = FAILED, _failure("error", error)
        log = self._prints.taken()
        self._send(kind, LOG.pack(len(log)), log, answer)
        return kind != LAST

    def _written(self, result: Any) -> bytes:
        try:
            written = _encode(result).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise _NotJson(f"what it returned is not JSON: {error}") from None
        if len(written) > self._most:
            raise _NotJson(f"what it returned has {len(written):,} bytes; {self._most:,} is the most")
        return written

    def _next(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        while True:
            if len(buffer) >= HEADER.size:
                length, kind = HEADER.unpack_from(buffer)
                end = HEADER.size + length
                if len(buffer) >= end:
                    payload = bytes(memoryview(buffer)[HEADER.size : end])
                    del buffer[:end]
                    return kind, payload
            if not (read := os.read(self._socket, _READ)):
                return None
            buffer += read

    def _send(self, kind: int, *parts: bytes) -> None:
        payload = b"".join(parts)
        left = memoryview(HEADER.pack(len(payload), kind) + payload)
        while left:
            left = left[os.write(self._socket, left) :]


class _NotJson(Exception):
    pass


def _failure(kind: str, error: BaseException) -> bytes:
    """`{kind, type, text, line}` as JSON; of whatever an exception does when it is asked for its text."""
    try:
        # Halves of characters, such as texts of bytes have that were no UTF-8, are not JSON for the host.
        text = str(error)[:_TEXT].encode("utf-8", "replace").decode()
    except BaseException:
        text = ""
    name, line = type(error).__name__[:100], _line(error.__traceback__)
    return json.dumps({"kind": kind, "type": name, "text": text, "line": line}).encode()


def _line(trace: TracebackType | None) -> int | None:
    """The last line of the code itself that was on the way."""
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == compiler.FILE:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
