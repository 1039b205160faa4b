"""What a message or a result may have in bytes, and how it is said that one has more."""

from __future__ import annotations

from weirflow.errors import Fail


def check_size(size: int, most: int, what: str, carrier: str) -> None:
    """Raises ``Fail`` where ``size`` is more than ``carrier`` takes."""
    if size > most:
        raise Fail(
            f"{what} has {size} bytes, and {carrier} takes {most}; send less, or a reference to where it lies",
            code="message_too_large",
            permanent=True,
        )
