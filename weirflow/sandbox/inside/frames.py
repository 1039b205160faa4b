"""What goes along the socket between a host and a worker: `length (4 bytes), kind (1 byte), payload`.

Each frame of the host is answered by exactly one of the worker, in their order; a worker says HELLO first. ANSWER and
FAILED carry what was printed: `length of the log (4 bytes), log, JSON`.
"""

from __future__ import annotations

import struct
from typing import Final

HEADER: Final = struct.Struct(">IB")
LOG: Final = struct.Struct(">I")

#: From the host: compile this text and say what is wrong with it; compile it to be called; call it with this JSON.
CHECK, LOAD, CALL = 1, 2, 3
#: From the worker. LAST is FAILED of a worker that takes nothing more: what was sent after it has not been begun.
HELLO, COMPILED, ANSWER, FAILED, LAST = 16, 17, 18, 19, 20
