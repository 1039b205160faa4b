"""Ports for programs that are told where to listen."""

import os
import random
import socket

#: Below those that a system gives to connections by itself (32768 and above on Linux): such a one would often be taken
#: by the time the program listens, and a client that asks for it meanwhile may even be connected with itself.
FIRST, LAST = 18_000, 31_000

_chance = random.Random(f"{os.getpid()} {os.urandom(8).hex()}")
_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now, and that this process has not been given before."""
    while True:
        port = _chance.randrange(FIRST, LAST)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
