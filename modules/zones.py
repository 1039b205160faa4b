"""Time zones by their IANA names, as settings hold them."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name (`Europe/Berlin`). Raises `ValueError` saying what a name looks like, so that a validator
    of settings can let it out."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"there is no time zone {name!r}; write its IANA name, such as Europe/Berlin, America/New_York or UTC"
        ) from None
