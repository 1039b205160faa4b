"""Who is named in a comment: `@name`, outside of code."""

import re
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db.models.functions import Lower

from projects.comments.limits import MAX_MENTIONS
from projects.errors import ProjectError
from projects.models import Project
from projects.permissions import people_of

_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_NAME = re.compile(r"(?<![\w@.+-])@([\w.+-][\w@.+-]{0,149})")
"""What may stand in a name of Django's users, after an `@` that ends no other word."""
_POINTS = ".@+-"
MOST_NAMES = 100
"""Looked for in one comment; who writes more is told of too many people sooner."""


def names_in(text: str) -> list[str]:
    """What could be names, in lower case, each once and in order, `MOST_NAMES` at most: `@ada.` gives `ada.` and `ada`,
    as a name may end with a point and a sentence does."""
    spoken = _SPAN.sub(" ", _FENCED.sub(" ", text))
    found: dict[str, None] = {}
    for match in _NAME.finditer(spoken):
        name = match.group(1).lower()
        found[name] = None
        while name and name[-1] in _POINTS:
            name = name[:-1]
            found[name] = None
        if len(found) > MOST_NAMES:
            break
    found.pop("", None)
    return list(found)[:MOST_NAMES]


def mentioned(text: str, project: Project) -> Sequence[User]:
    """The people of the project whom the text names, in upper or lower case. Raises ProjectError for more than
    `MAX_MENTIONS`."""
    names = names_in(text)
    if not names:
        return []
    people = list(
        people_of(project)
        .filter(is_active=True)
        .annotate(called=Lower("username"))
        .filter(called__in=names)[: MAX_MENTIONS + 1]
    )
    if len(people) > MAX_MENTIONS:
        message = f"A comment names at most {MAX_MENTIONS} people: leave some out."
        raise ProjectError("too_many_mentions", message, field="/text")
    return people
