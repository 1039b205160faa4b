"""Light or dark: as the system says, unless the person chose. Kept in a cookie, so the first paint is right."""

from typing import Literal

from django.http import HttpRequest

COOKIE = "weirflow_theme"
Theme = Literal["light", "dark", "system"]


def theme_of(request: HttpRequest) -> Theme:
    match request.COOKIES.get(COOKIE):
        case "light":
            return "light"
        case "dark":
            return "dark"
        case _:
            return "system"


def theme(request: HttpRequest) -> dict[str, str]:
    """Context processor: `theme` and the other two to switch to."""
    return {"theme": theme_of(request)}
