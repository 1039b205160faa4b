"""Which keys the states of deleted nodes are sealed with: those that an undo would put back."""

from collections import Counter
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from projects.models import Change, Node
from weirflow.kube.key_rotation import keys_in
from weirflow.kube.state_keys import LEGACY_PREFIX, SEALED_PREFIX


def keys_of_deleted_nodes() -> Counter[str]:
    """By key, how many states that an undo could bring back need it."""
    found: Counter[str] = Counter()
    for state in Node.objects.exclude(last_state=None).values_list("last_state", flat=True).iterator():
        found.update(keys_in((state or {}).values()))
    sealed = Q(text__contains=f'"{SEALED_PREFIX}') | Q(text__contains=f'"{LEGACY_PREFIX}')
    changes = Change.objects.annotate(text=Cast("before", TextField())).filter(sealed)
    for before in changes.values_list("before", flat=True).iterator():
        for replaced in before:
            found.update(keys_in(_last_state(replaced).values()))
    return found


def _last_state(replaced: Any) -> dict[str, Any]:
    state = replaced.get("last_state") if isinstance(replaced, dict) else None
    return state if isinstance(state, dict) else {}
