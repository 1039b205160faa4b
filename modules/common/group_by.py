"""Grouping."""

from __future__ import annotations

from typing import Any, Literal

from weirflow import JSON, Component, Context, Fail, Field, Model, Result, input, output

#: The definition of what is carried along.
CARRIED = "group-context"
_MISSING: JSON = object()


class GroupInput(Model):
    """A list to sort into groups."""

    items: list[Any] = Field(title="Items", description="The list", configurable=True)
    context: Any = Field(
        None, title="Context", description="Carried along with the groups", configurable=True, id=CARRIED
    )


class Group(Model, frozen=True):
    """The items that have one value."""

    key: Any = Field(title="Key", description="The value they share; null for items without one")
    items: list[Any] = Field(title="Items", description="In the order they came")
    count: int = Field(title="Count", description="How many they are")


class Groups(Model):
    """All groups of one list."""

    groups: list[Group] = Field(title="Groups", description="In the order of their first items")
    count: int = Field(title="Count", description="Groups in all")
    context: Any = Field(None, title="Context", description="What came with the list", shared=True, id=CARRIED)


class GroupBy(Component):
    """Sorts the items of a list into groups by one of their fields.

    `key` names the field, with dots for fields of fields: `customer.city`, or `lines.0.sku` for the first of a list.
    Texts, numbers, true and false, lists and objects are told apart as JSON does: `1` and `"1"` are two groups.

    All groups leave in one message; a split behind it sends them one by one. The answer of the flow behind travels
    back. To gather single messages by a key over time, use a collect.

    Errors, all permanent: `too_many_groups` for more groups than `maxGroups`, `too_many_items` for a list longer than
    `maxItems`, `key_missing` for an item without the field when `missing` is `refuse`.
    """

    title = "Group By"
    category = "Data"
    icon = "group"
    tags = ("list", "aggregate", "array", "sort")

    class Settings(Model):
        key: str = Field(
            "key",
            min_length=1,
            max_length=200,
            title="Key",
            description="The field to group by; dots lead into fields of fields",
            examples=["customer.city"],
        )
        missing: Literal["group", "skip", "refuse"] = Field(
            "group",
            title="Items without the field",
            description="What becomes of them",
            enum_titles=["Make a group of their own", "Are left out", "Are an error"],
        )
        max_groups: int = Field(1_000, ge=1, le=10_000, title="Most groups", description="More are an error")
        max_items: int = Field(10_000, ge=1, le=100_000, title="Most items", description="A longer list is an error")

    settings: Settings

    out = output("out", Groups)

    @input("in", label="In")
    async def group(self, ctx: Context, message: GroupInput) -> Result:
        groups = self._groups(message.items)
        return await self.out.emit(ctx, Groups(groups=groups, count=len(groups), context=message.context))

    def _groups(self, items: list[JSON]) -> list[Group]:
        if len(items) > self.settings.max_items:
            raise _too_many("items", len(items), "maxItems")
        path = self.settings.key.split(".")
        found: dict[JSON, tuple[JSON, list[JSON]]] = {}
        for index, item in enumerate(items):
            key = _at(item, path)
            if key is _MISSING:
                if self.settings.missing == "skip":
                    continue
                if self.settings.missing == "refuse":
                    raise Fail(
                        f"item {index} has no {self.settings.key!r}; give it one, or choose in the settings what "
                        "becomes of items without",
                        code="key_missing",
                        permanent=True,
                        field=f"/items/{index}",
                    )
                key = None
            found.setdefault(_identity(key), (key, []))[1].append(item)
            if len(found) > self.settings.max_groups:
                raise _too_many("groups", len(found), "maxGroups")
        return [Group(key=key, items=members, count=len(members)) for key, members in found.values()]


def _at(item: JSON, path: list[str]) -> JSON:
    """What the path leads to; `_MISSING` where it ends in nothing."""
    for step in path:
        if isinstance(item, dict) and step in item:
            item = item[step]
        elif isinstance(item, list) and step.isdecimal() and int(step) < len(item):
            item = item[int(step)]
        else:
            return _MISSING
    return item


def _identity(value: JSON) -> JSON:
    """What tells two values of JSON apart, and can be looked up: for Python 1 and True are the same."""
    if isinstance(value, dict):
        return ("object", frozenset((name, _identity(each)) for name, each in value.items()))
    if isinstance(value, list):
        return ("list", tuple(_identity(each) for each in value))
    return ("boolean", value) if isinstance(value, bool) else value


def _too_many(what: str, count: int, setting: str) -> Fail:
    return Fail(
        f"the list has {count:,} {what}, more than the settings' {setting} allows; send it in parts, or raise that",
        code=f"too_many_{what}",
        permanent=True,
        field="/items",
    )
