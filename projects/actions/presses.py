"""Who pressed what last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from projects.audit import audit
from projects.models import LastPress, Node
from projects.pages.limits import MAX_LAST_PRESSES
from projects.permissions import Person
from weirflow.spec import CONTROL_PORT, STATE_PORT


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes to a node for a person: names of fields, never their values."""

    port: str
    fields: Sequence[str]
    key: str
    """Of the press: a repeat has the same."""

    @property
    def action(self) -> str:
        return {CONTROL_PORT: "control.press", STATE_PORT: "state.edit"}.get(self.port, "signal.send")


_LONGEST_NAME = 64
_AT_ONCE = 20


@transaction.atomic
def do_note_press(person: Person, node: Node, controls: Iterable[str], sent: Sent) -> None:
    """Remembers that `person`, who was allowed to, pressed these buttons of the node just now, and records what is
    `sent`. Of one project at most `MAX_LAST_PRESSES` are kept, the oldest leave."""
    audit(person, sent.action, node, after={"port": sent.port, "fields": sent.fields, "press": sent.key})
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
