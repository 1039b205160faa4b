"""What the cluster serves: kinds, their names, columns and rules, found by group, version and plural."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from weirflow.embedded.errors import Cause
from weirflow.embedded.schema import Schema

if TYPE_CHECKING:
    from weirflow.embedded.renamed import View
    from weirflow.embedded.scales import ScalePaths

JsonObject = dict[str, Any]
Prepare = Callable[[JsonObject, JsonObject | None], list[Cause]]
"""Brings a built-in object into its stored form in place and answers what is wrong with it (old is None on create)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `kubectl get`: `value` reads the cell out of an object."""

    name: str
    type: str
    value: Callable[[JsonObject], Any]
    description: str = ""
    priority: int = 0
    format: str = ""


@dataclass(slots=True)
class Kind:
    """One resource of the API. `builtin` kinds follow `prepare`, custom ones their structural `schema`."""

    group: str
    version: str
    plural: str
    singular: str
    kind: str
    namespaced: bool = True
    builtin: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    has_status: bool = False
    has_generation: bool = False
    version_required: bool = True
    create_on_update: bool = False
    several: bool = False
    """Its resource is served at other versions too."""
    terminating: bool = False
    """Its definition is being deleted: nothing new is made."""
    collection_delete: bool = True
    columns: tuple[Column, ...] = ()
    schema: Schema | None = None
    source: JsonObject | None = None
    """What `schema` was made of."""
    prepare: Prepare | None = None
    scale: ScalePaths | None = None
    view: View | None = None
    """Its objects are stored as those of another kind."""
    fields: dict[str, str] = field(default_factory=dict)
    """Extra field selectors: label -> dotted path in the object."""

    shape: Any = field(default=None, init=False)
    """How its objects are merged, once that was asked (weirflow/embedded/apply/tracking.py)."""
    qualified: str = field(init=False)
    qualified_kind: str = field(init=False)
    api_version: str = field(init=False)

    def __post_init__(self) -> None:
        self.qualified = f"{self.plural}.{self.group}" if self.group else self.plural
        self.qualified_kind = f"{self.kind}.{self.group}" if self.group else self.kind
        self.api_version = f"{self.group}/{self.version}" if self.group else self.version

    @property
    def path(self) -> str:
        return f"/apis/{self.api_version}" if self.group else f"/api/{self.version}"


class Registry:
    """The kinds served now. Custom resource definitions add and remove theirs while the cluster runs."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._by_name: dict[tuple[str, str, str], Kind] = {}
        self.revision = 0
        """Changes with what is served."""
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        self._by_name[kind.group, kind.version, kind.plural] = kind
        self.revision += 1

    def remove(self, qualified: str) -> None:
        for name, kind in list(self._by_name.items()):
            if kind.qualified == qualified and not kind.builtin:
                del self._by_name[name]
                self.revision += 1

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        return self._by_name.get((group, version, plural))

    def of_resource(self, qualified: str) -> Kind | None:
        """A version of the resource that is served."""
        return next((kind for kind in self._by_name.values() if kind.qualified == qualified), None)

    def of_kind(self, group: str, name: str) -> Kind | None:
        """A version of the kind that is served."""
        return next((kind for kind in self._by_name.values() if kind.kind == name and kind.group == group), None)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._by_name.values())

    def versions(self) -> dict[str, list[str]]:
        """group -> its served versions, in the order they were added; the core group is `""`."""
        found: dict[str, list[str]] = {}
        for kind in self._by_name.values():
            versions = found.setdefault(kind.group, [])
            if kind.version not in versions:
                versions.append(kind.version)
        return found

    def builtin_group(self, group: str) -> bool:
        return any(kind.builtin for kind in self._by_name.values() if kind.group == group)

    def of(self, group: str, version: str) -> list[Kind]:
        return [kind for kind in self._by_name.values() if kind.group == group and kind.version == version]
