"""Who pressed what last."""

from collections.abc import Iterable
from typing import cast

from django.contrib.auth.models import User
from django.utils import timezone

from projects.models import LastPress, Node
from projects.pages.limits import MAX_LAST_PRESSES
from projects.permissions import Person

_LONGEST_NAME = 64
_AT_ONCE = 20


def do_note_press(person: Person, node: Node, controls: Iterable[str]) -> None:
    """Remembers that `person`, who was allowed to, pressed these buttons of the node just now. Of one project at most
    `MAX_LAST_PRESSES` are kept, the oldest leave."""
    now = timezone.now()
    names = [name for name in controls if len(name) <= _LONGEST_NAME][:_AT_ONCE]
    for name in names:
        _, fresh = LastPress.objects.update_or_create(
            node=node.pk,
            control=name,
            defaults={"project_id": node.project_id, "actor": cast("User", person), "at": now},
        )
        if fresh:
            _trim(node)


def _trim(node: Node) -> None:
    kept = LastPress.objects.filter(project_id=node.project_id)
    ids = list(kept.order_by("-at").values_list("pk", flat=True)[MAX_LAST_PRESSES : MAX_LAST_PRESSES + 100])
    if ids:
        LastPress.objects.filter(pk__in=ids).delete()
