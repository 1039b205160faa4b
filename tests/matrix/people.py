"""Who comes, what they may do in the world's project, and what they are to be answered."""

from dataclasses import dataclass
from typing import Literal

from projects.models import Role
from projects.permissions import VERBS

Need = Literal["anyone", "signed_in", "view", "control", "edit", "code", "manage"]
"""What is asked of whoever comes; the first two are about no project."""
Answer = Literal["allowed", "sign_in", "forbidden", "not_found"]


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who comes. `verbs` None: nobody knows who it is."""

    name: str
    verbs: frozenset[str] | None

    def answer(self, need: Need) -> Answer:
        """What this one is to be told where `need` is asked."""
        if need == "anyone":
            return "allowed"
        if self.verbs is None:
            return "sign_in"
        if need == "signed_in" or need in self.verbs:
            return "allowed"
        return "forbidden" if "view" in self.verbs else "not_found"


SIGNED_IN = [
    Who("stranger", frozenset()),
    *(Who(role.value, frozenset(VERBS[role])) for role in (Role.VIEWER, Role.OPERATOR, Role.EDITOR, Role.OWNER)),
]
OF_TEAM = [
    Who("team manager", frozenset({"view", "manage"})),
    Who("team member", frozenset({"view"})),
    Who("owner", frozenset()),
]
"""What they may in the world's team. Who is not in it does not see it, whatever they own."""
SCOPES = ("view", "control", "edit", "code", "manage")
TOKENS = [
    *(Who(f"token to {scope}", frozenset({"view", scope, *(["edit"] if scope == "code" else [])})) for scope in SCOPES),
    Who("token for elsewhere", frozenset()),
]
"""Of the owner; the last is for another project of theirs, with all scopes."""
ANONYMOUS = Who("anonymous", None)
