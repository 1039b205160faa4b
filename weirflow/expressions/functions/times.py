"""The clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from weirflow.errors import JSON
from weirflow.expressions.functions.signature import ANY, NUMBER, TEXT, Function, Parameter
from weirflow.expressions.limits import Refusal
from weirflow.expressions.numbers import Number
from weirflow.expressions.times import Moment, write_moment


def now(ignored: JSON = None) -> int:
    return int(time.time())


def rfc3339(seconds: Number | None = None) -> str:
    if seconds is None:
        seconds = now()
    try:
        return write_moment(Moment(datetime.fromtimestamp(int(seconds), UTC), 0))
    except (OverflowError, ValueError, OSError):
        raise Refusal("the time is outside the years 1 to 9999") from None


TIMES = (
    Function(
        "now",
        (Parameter("ignored", ANY, optional=True),),
        NUMBER,
        "Seconds since 1970, whole",
        now,
        "now()",
        pure=False,
    ),
    Function(
        "RFC3339",
        (Parameter("seconds", NUMBER, optional=True),),
        TEXT,
        "Seconds since 1970 as a time in UTC; without them the present time",
        rfc3339,
        "RFC3339(1704110400)",
        pure=False,
    ),
)
