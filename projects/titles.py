"""The titles people give to projects and flows."""

from projects.errors import ProjectError

MAX_TITLE = 100
_JOINERS = {0x200C: None, 0x200D: None}
"""Shown as nothing themselves, but Persian words and families of emoji are written with them."""


def checked_title(text: str) -> str:
    """The title without outer blanks; refused when empty, too long or with control characters."""
    title = " ".join(text.split())
    if not title.translate(_JOINERS):
        raise ProjectError("name_missing", "Give it a name.", field="/name")
    if len(title) > MAX_TITLE:
        raise ProjectError("name_too_long", f"A name has at most {MAX_TITLE} characters.", field="/name")
    if not title.translate(_JOINERS).isprintable():
        raise ProjectError(
            "name_invalid", "The name holds characters that cannot be shown: remove them.", field="/name"
        )
    return title
