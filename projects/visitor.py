"""Who came by a share link: nobody we know, who may look at one thing (ADR 75)."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from projects.models import Edge, Flow, Node, Project, Team, WidgetPage


@dataclass(frozen=True, slots=True)
class Visitor:
    """Made anew from the link with every request and every check of a socket: it says what the link said then."""

    link: uuid.UUID
    project: uuid.UUID
    flow: uuid.UUID | None = None
    page: uuid.UUID | None = None
    pk: ClassVar[None] = None
    """Like Django's anonymous user: no row stands for them."""

    def sees(self, thing: "Project | Flow | Node | Edge | WidgetPage | Team") -> bool:
        """Whether this is what the link shows, or a part of it."""
        from projects.models import Edge, Flow, Node, WidgetPage

        match thing:
            case Flow():
                return thing.pk == self.flow
            case Node() | Edge():
                return thing.flow_id == self.flow
            case WidgetPage():
                return thing.pk == self.page
        return False
