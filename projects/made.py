"""New rows made at once from values by their columns: by name, Django takes four times as long to make one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def make_row(model: type[M], values: Mapping[str, Any]) -> M:
    """A row that is not stored yet. `values` are by column (`flow_id`, not `flow`); others have their defaults."""
    # By place is a documented way, and the only quick one.
    return model(*[values[name] if name in values else default() for name, default in _columns(model)])


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Callable[[], Any]]]:
    return [(field.attname, field.get_default) for field in model._meta.concrete_fields]
