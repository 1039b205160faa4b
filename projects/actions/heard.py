"""Remember which components modules have announced."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from projects.heard import MOST, Kind
from projects.models import HeardComponent


@transaction.atomic
def do_store_heard(components: Mapping[Kind, bool]) -> None:
    """Adds those that are new, as far as there is room, and marks those that run code. No person's doing: modules have
    said so, and every process that hears them stores the same."""
    modules = {module for module, _ in components}
    rows = HeardComponent.objects.filter(module__in=modules).values_list("module", "component", "runs_code")
    before = {(module, component): runs_code for module, component, runs_code in rows}
    new = [kind for kind in components if kind not in before]
    if new:
        room = max(0, MOST - HeardComponent.objects.count())
        HeardComponent.objects.bulk_create(
            (HeardComponent(module=kind[0], component=kind[1], runs_code=components[kind]) for kind in new[:room]),
            ignore_conflicts=True,
        )
    # Those that were new as well: another process may have stored one first, of an older module.
    running = [kind for kind, runs_code in components.items() if runs_code and not before.get(kind)]
    if running:
        which = Q()
        for module, component in running:
            which |= Q(module=module, component=component)
        HeardComponent.objects.filter(which).update(runs_code=True)
