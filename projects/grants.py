"""What a token of a person's lets its bearer do: never more than the person may, and often less."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User


@dataclass(frozen=True, slots=True)
class Grant:
    """Narrows what `permissions.can` answers for a person who carries it as `person.grant`.

    `verbs` are the token's scopes; each of them lets the bearer look as well. `projects` None means all of theirs.
    """

    verbs: frozenset[str]
    projects: frozenset[uuid.UUID] | None = None

    def allows(self, verb: str, project_id: uuid.UUID | None) -> bool:
        """Whether it reaches so far; `project_id` None asks about what is in no project, as teams are."""
        if self.projects is not None and project_id not in self.projects:
            return False
        return verb in self.verbs or (verb == "view" and bool(self.verbs))


def grant_of(person: User | AnonymousUser) -> Grant | None:
    """The grant that the person came with; None for somebody who is signed in."""
    return getattr(person, "grant", None)
