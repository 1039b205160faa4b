"""Durations (`1h30m`) and points in time (RFC 3339), which are texts in JSON, and what can be added to what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from weirflow.expressions.limits import Refusal

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)"
_ONE_PART = re.compile(_PART)
_DURATION = re.compile(rf"[+-]?(?:{_PART})+")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_LONGEST = 64
"""No duration and no time is longer; characters."""
_MAX_NANOSECONDS = 2**63 - 1
"""About 292 years, the range of a Go duration."""
_SECOND = 10**9


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with its offset; `nanoseconds` are those of the second."""

    second: datetime
    nanoseconds: int


def read_duration(text: str) -> int | None:
    """Nanoseconds of `1h30m`, `-1.5s`, `250ms`; None for any other text. A number without a unit is no duration."""
    if not text or len(text) > _LONGEST or not _DURATION.fullmatch(text):
        return None
    total = 0
    for number, unit in _ONE_PART.findall(text):
        before, _, after = number.partition(".")
        scale = _UNITS[unit]
        total += int(before or 0) * scale
        if after:
            total += int(after) * scale // 10 ** len(after)
    total = -total if text[0] == "-" else total
    return total if abs(total) <= _MAX_NANOSECONDS else None


def write_duration(nanoseconds: int) -> str:
    """In seconds: `5400s`, `0.5s`."""
    sign = "-" if nanoseconds < 0 else ""
    seconds, rest = divmod(abs(nanoseconds), _SECOND)
    decimals = f".{rest:09}".rstrip("0") if rest else ""
    return f"{sign}{seconds}{decimals}s"


def read_moment(text: str) -> Moment | None:
    """The point in time that `text` names as RFC 3339, or None."""
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    stamp, fraction, sign, hours, minutes = match.groups()
    zone = UTC
    try:
        if sign:
            if int(minutes) > 59:
                return None
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-offset if sign == "-" else offset)
        second = datetime.fromisoformat(stamp).replace(tzinfo=zone)
    except ValueError:
        return None
    return Moment(second, int((fraction or "0").ljust(9, "0")))


def write_moment(moment: Moment) -> str:
    """With its offset, and the fraction of a second if there is one."""
    fraction = f".{moment.nanoseconds:09}".rstrip("0") if moment.nanoseconds else ""
    offset = moment.second.strftime("%z")
    zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment.second.year:04}-{moment.second:%m-%dT%H:%M:%S}{fraction}{zone}"


def move(moment: Moment, nanoseconds: int) -> Moment:
    """`moment`, later by a duration. Raises `Refusal` outside the years 1 to 9999."""
    seconds, rest = divmod(moment.nanoseconds + nanoseconds, _SECOND)
    try:
        return Moment(moment.second + timedelta(seconds=seconds), rest)
    except OverflowError:
        raise Refusal("the time is outside the years 1 to 9999") from None


def since(later: Moment, earlier: Moment) -> int:
    """Nanoseconds from `earlier` to `later`."""
    apart = later.second - earlier.second
    return (apart.days * 86_400 + apart.seconds) * _SECOND + later.nanoseconds - earlier.nanoseconds


def add_texts(left: str, right: str) -> str | None:
    """The sum of two durations, or of a time and a duration; None if the texts are something else."""
    duration_left, duration_right = read_duration(left), read_duration(right)
    if duration_left is not None and duration_right is not None:
        return write_duration(duration_left + duration_right)
    if duration_right is not None and (moment := read_moment(left)):
        return write_moment(move(moment, duration_right))
    if duration_left is not None and (moment := read_moment(right)):
        return write_moment(move(moment, duration_left))
    return None


def subtract_texts(left: str, right: str) -> str:
    """The difference of durations or times, or a time earlier by a duration. Raises `Refusal` for other texts."""
    duration_left, duration_right = read_duration(left), read_duration(right)
    if duration_left is not None and duration_right is not None:
        return write_duration(duration_left - duration_right)
    moment_left = read_moment(left)
    if moment_left is not None and duration_right is not None:
        return write_moment(move(moment_left, -duration_right))
    moment_right = read_moment(right)
    if moment_left is not None and moment_right is not None:
        return write_duration(since(moment_left, moment_right))
    raise Refusal(
        "cannot subtract these texts: durations (such as 1h30m) and times (such as 2024-01-01T12:00:00Z) can be"
    )
