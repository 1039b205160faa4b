"""The key-value store."""

from __future__ import annotations

from typing import Any, Literal

from pydantic_core import to_json

from weirflow import (
    Button,
    Component,
    Context,
    Fail,
    Field,
    Model,
    Result,
    StateStore,
    button,
    input,
    on_control,
    output,
    stored,
)

KEY_LENGTH = 200
#: Keys that the control panel shows.
_SHOWN = 50
#: The definitions of values, and of what is carried along.
VALUE, CARRIED = "key-value-value", "key-value-context"


class Entry(Model, frozen=True):
    """What is kept under a key."""

    value: Any = None
    #: Unix seconds; 0 for ever.
    expires: float = 0
    size: int = 0


class _Asked(Model):
    key: str = Field(
        title="Key", min_length=1, max_length=KEY_LENGTH, description="1 to 200 characters", configurable=True
    )
    context: Any = Field(
        None, title="Context", description="Carried along to what is sent", configurable=True, id=CARRIED
    )


class SetInput(_Asked):
    """To keep a value."""

    value: Any = Field(None, title="Value", description="Any JSON", configurable=True, id=VALUE)
    ttl: int | None = Field(
        None,
        ge=0,
        le=315_360_000,
        title="Lasts for",
        description="Seconds until it is gone; 0: for ever; empty: as the settings say",
        configurable=True,
    )
    overwrite: bool = Field(
        True,
        title="Overwrite",
        description="Off: a key that is there keeps its value, and created says whether this one was first",
        configurable=True,
    )


class GetInput(_Asked):
    """To look a value up."""


class DeleteInput(_Asked):
    """To forget a value."""


class ListInput(Model):
    """To see what is there."""

    prefix: str = Field(
        "", max_length=KEY_LENGTH, title="Prefix", description="Only keys that begin with it", configurable=True
    )
    after: str = Field(
        "", max_length=KEY_LENGTH, title="After", description="Only keys that come after it", configurable=True
    )
    limit: int = Field(100, ge=1, le=1_000, title="Limit", description="Entries at most", configurable=True)
    context: Any = Field(
        None, title="Context", description="Carried along to what is sent", configurable=True, id=CARRIED
    )


class _Told(Model):
    key: str = Field(title="Key", description="The key")
    context: Any = Field(None, title="Context", description="What came along", shared=True, id=CARRIED)


class Found(_Told):
    """A value that was looked up."""

    value: Any = Field(None, title="Value", description="What is kept", shared=True, id=VALUE)


class Missing(_Told):
    """A key that nothing is kept under."""


class Stored(_Told):
    """A value that is kept now."""

    value: Any = Field(None, title="Value", description="What is kept", shared=True, id=VALUE)
    previous: Any = Field(None, title="Previous value", description="What was kept before; null for nothing")
    created: bool = Field(title="Created", description="Whether nothing was kept before")


class Deleted(_Told):
    """A key that is forgotten now."""

    existed: bool = Field(title="Existed", description="Whether anything was kept")
    previous: Any = Field(None, title="Previous value", description="What was kept; null for nothing")


class Listed(Model):
    """Entries in the order of their keys."""

    entries: list[dict[str, Any]] = Field(title="Entries", description="Objects with key and value")
    next: str = Field(title="Next", description="To go on after; empty at the end")
    context: Any = Field(None, title="Context", description="What came along", shared=True, id=CARRIED)


class KeyValue(Component):
    """Keeps values under keys, across restarts.

    Each input has its output: `set` sends `stored`, `get` sends `found` or `missing`, `delete` sends `deleted`, `list`
    sends `listed`. The answer of the flow behind travels back; `context` is carried along unseen. Wires from many
    places of a flow may lead to one node: that is how they share its values.

    All of it happens on the leading replica, one change after the other: a get after a set sees it. A change is
    stored in the node's resource before anything is sent, and counted once however often its message is delivered.
    With `overwrite` off, `set` keeps what is there, and `created` tells who was first: for doing something only once.

    A value lasts for `ttl` seconds if that is above 0; then it is as if it were not there. The store is small:
    `maxEntries` and `maxBytes` bound it (keys and values as JSON, expired ones left out). When it is full, a `set` is
    refused (`full`), or the entries written longest ago make room. A value above `maxBytes` is refused (`too_large`,
    permanent). For more use a database.
    """

    title = "Key-Value Store"
    category = "State"
    icon = "keyvalue"
    tags = ("store", "cache", "memory", "dictionary", "dedupe")

    class Settings(Model):
        ttl: int = Field(
            0, ge=0, le=315_360_000, title="Lasts for", description="Seconds until a value is gone; 0: for ever"
        )
        max_entries: int = Field(1_000, ge=1, le=10_000, title="Most entries", description="Values kept at once")
        max_bytes: int = Field(
            65_536, ge=1_024, le=524_288, title="Most bytes", description="Of all keys and values together"
        )
        when_full: Literal["refuse", "evict"] = Field(
            "refuse",
            title="When it is full",
            description="What becomes of a new value",
            enum_titles=["It is refused", "The oldest values make room"],
        )

    class State(Model, version=1):
        entries: dict[str, Entry] = stored("key-value-entries", default_factory=dict)

    class Control(Model):
        count: int = Field(title="Entries", readonly=True, description="Values that are kept")
        bytes: int = Field(title="Bytes", readonly=True, description="Of keys and values")
        keys: list[str] = Field(title="Keys", readonly=True, description="The first 50")
        clear: Button = button("Forget everything", confirm="All values are forgotten, for every flow that uses them.")

    settings: Settings
    state: StateStore[State]

    stored_out = output("stored", Stored)
    found = output("found", Found)
    missing = output("missing", Missing)
    deleted = output("deleted", Deleted)
    listed = output("listed", Listed)

    @input("set", leader=True)
    async def set(self, ctx: Context, message: SetInput) -> Result:
        async with self.state.change() as state:
            entries = state.entries = self._alive(state.entries)
            known = entries.get(message.key)
            value = message.value
            if known is not None and not message.overwrite:
                value = known.value
            else:
                entries.pop(message.key, None)
                entry = self._entry(message)
                self._make_room(entries, entry)
                entries[message.key] = entry
        sent = Stored(
            key=message.key,
            context=message.context,
            value=value,
            previous=None if known is None else known.value,
            created=known is None,
        )
        return await self.stored_out.emit(ctx, sent)

    @input("get", leader=True)
    async def get(self, ctx: Context, message: GetInput) -> Result:
        entry = self._alive(self.state.value.entries).get(message.key)
        if entry is None:
            return await self.missing.emit(ctx, Missing(key=message.key, context=message.context))
        return await self.found.emit(ctx, Found(key=message.key, context=message.context, value=entry.value))

    @input("delete", leader=True)
    async def delete(self, ctx: Context, message: DeleteInput) -> Result:
        async with self.state.change() as state:
            entries = state.entries = self._alive(state.entries)
            known = entries.pop(message.key, None)
        previous = None if known is None else known.value
        sent = Deleted(key=message.key, context=message.context, existed=known is not None, previous=previous)
        return await self.deleted.emit(ctx, sent)

    @input("list", leader=True)
    async def list(self, ctx: Context, message: ListInput) -> Result:
        entries = self._alive(self.state.value.entries)
        keys = sorted(key for key in entries if key.startswith(message.prefix) and key > message.after)
        shown = keys[: message.limit]
        sent = Listed(
            entries=[{"key": key, "value": entries[key].value} for key in shown],
            next=shown[-1] if len(keys) > len(shown) else "",
            context=message.context,
        )
        return await self.listed.emit(ctx, sent)

    @on_control("clear")
    async def clear(self, ctx: Context) -> None:
        async with self.state.change() as state:
            state.entries = {}

    def control(self) -> Control:
        entries = self._alive(self.state.value.entries)
        return self.Control(
            count=len(entries),
            bytes=sum(entry.size for entry in entries.values()),
            keys=sorted(entries)[:_SHOWN],
            clear=False,
        )

    def live(self) -> str:
        return f"{len(self._alive(self.state.value.entries)):,} kept"

    def _alive(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        """Those whose time is not over, in the order in which they were written."""
        now = self.services.clock.time()
        return {key: entry for key, entry in entries.items() if not 0 < entry.expires <= now}

    def _entry(self, message: SetInput) -> Entry:
        size = len(to_json(message.key)) + len(to_json(message.value, inf_nan_mode="null"))
        if size > self.settings.max_bytes:
            raise Fail(
                f"the value takes {size:,} bytes, the whole store has {self.settings.max_bytes:,}; keep less of it, or "
                "keep it in a database",
                code="too_large",
                permanent=True,
                field="/value",
            )
        ttl = self.settings.ttl if message.ttl is None else message.ttl
        return Entry(value=message.value, expires=self.services.clock.time() + ttl if ttl else 0, size=size)

    def _make_room(self, entries: dict[str, Entry], entry: Entry) -> None:
        settings, total = self.settings, entry.size + sum(each.size for each in entries.values())
        while len(entries) >= settings.max_entries or total > settings.max_bytes:
            if settings.when_full == "refuse":
                raise Fail(
                    f"the store is full: {len(entries):,} entries of {settings.max_entries:,}, with this one {total:,} "
                    f"bytes of {settings.max_bytes:,}; delete some, let them expire, or let the oldest make room",
                    code="full",
                )
            total -= entries.pop(next(iter(entries))).size
