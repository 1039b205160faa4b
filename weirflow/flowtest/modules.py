"""The modules that tests run with."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable

from weirflow.flowtest.shipped import SHIPPED
from weirflow.services import Module


def shipped_packages() -> list[str]:
    """The packages of the modules that are shipped, where they can be imported."""
    found = importlib.util.find_spec(SHIPPED)
    if found is None or found.submodule_search_locations is None:
        return []
    folders = pkgutil.iter_modules(found.submodule_search_locations)
    return sorted(f"{SHIPPED}.{folder.name}" for folder in folders if folder.ispkg)


def load_modules(packages: Iterable[str]) -> tuple[list[Module], list[str]]:
    """The ``module`` of each package that has one, and, in words, why others could not be had: one that is broken keeps
    none of the others from being tested."""
    modules: list[Module] = []
    faults: list[str] = []
    for name in packages:
        try:
            found = getattr(importlib.import_module(name), "module", None)
        except (Exception, SystemExit) as error:
            faults.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
            continue
        if isinstance(found, Module):
            modules.append(found)
    return modules, faults
