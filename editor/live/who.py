"""What others are told of a person who looks at a flow: a key, the same in all their tabs, and a name. Nothing more."""

from typing import Any

from django.contrib.auth.models import User

VISITOR = "Visitor"


def who_is(person: Any, client_id: str) -> tuple[str, str]:
    """``(key, name)``. Who came by a share link is somebody else in each tab; an address of mail stays half untold."""
    if not isinstance(person, User):
        return f"visitor-{client_id}", VISITOR
    return str(person.pk), person.get_username().partition("@")[0] or "Somebody"
