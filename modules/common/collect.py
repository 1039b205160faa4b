"""The collect."""

from __future__ import annotations

from typing import Any, Literal

from modules.common.gathering import Gathering
from modules.common.waiting import KEY_LENGTH, GatheringSettings, Part, Waiting
from weirflow import Context, Field, Model, Result, input, output


class CollectInput(Model):
    """A message to collect."""

    item: Any = Field(None, title="Item", description="Becomes one item of the list", configurable=True)
    key: str = Field(
        "",
        max_length=KEY_LENGTH,
        title="Key",
        description="Items with the same key make one list; without one as the settings say",
        configurable=True,
    )
    size: int | None = Field(
        None,
        ge=1,
        le=10_000,
        title="Size",
        description="Items that make this list complete, such as a split's count; as in the settings when empty",
        configurable=True,
    )


class FlushInput(Model):
    """To have lists leave before they are complete."""

    key: str | None = Field(
        None,
        max_length=KEY_LENGTH,
        title="Key",
        description="The list with this key; all of them when it is null",
        configurable=True,
    )


class Batch(Model):
    """What was collected."""

    items: list[Any] = Field(title="Items", description="In the order they came")
    count: int = Field(title="Count", description="How many they are")
    key: str = Field(title="Key", description="What they have in common")
    reason: str = Field(title="Reason", description="Why it left: size, time or flush")


class Collect(Gathering):
    """Collects messages into lists.

    A list leaves by `batch` when it has `size` items (`reason` is `size`), when its first item has waited for `wait`
    milliseconds (`time`), or when somebody says so: by a message to `flush`, or the button (`flush`). Items with
    different keys make different lists. Those without one make one list, or, with *One for each run*, one of all that
    came of one message. Behind a split, take its `batch` as the key and its `count` as the size.

    Nobody is held up: an item is stored, and its caller is answered with nothing. Only the caller whose item completes
    a list waits for the flow behind `batch`, and gets its answer. A list that leaves by time or flush has no caller; if
    its flow fails, that shows on the node.

    Items go to the leading replica, and lists are kept in the node's resource until the flow behind has taken them:
    after a restart they are complete, and one that was under way is sent again as the same operation; so is one that
    could not be brought to the flow, because its host was starting or away, for four minutes. A list whose flow
    fails is not sent again; put a retry behind, or switch the error port on for the caller's failures. With
    `persistent` off lists are in memory, faster and lost on restart.

    `maxSets` lists and `maxBytes` bound what waits. Past that items are refused with `full`, retryable; an item above
    `maxBytes` with `too_large`, permanent.
    """

    category = "Flow"
    icon = "collect"
    tags = ("batch", "join", "aggregate", "buffer", "list")

    class Settings(GatheringSettings):
        size: int = Field(10, ge=1, le=10_000, title="Size", description="Items that make a list complete", order=0.5)
        without_key: Literal["all", "run"] = Field(
            "all",
            title="Without a key",
            description="What makes a list where items have no key",
            enum_titles=["One list for all", "One for each run"],
            order=0.6,
        )

    settings: Settings

    batch = output("batch", Batch)

    @input("in", label="In", leader=True)
    async def collect(self, ctx: Context, message: CollectInput) -> Result:
        # What the message says of its list travels as the part's name, of which a collect has no other use.
        name = str(message.size) if message.size is not None else ""
        by_run = self.settings.without_key == "run"
        return await self.take(ctx, message.key, Part(name=name, value=message.item), by_run=by_run)

    @input("flush", leader=True)
    async def flush(self, ctx: Context, message: FlushInput) -> Result:
        await self.let_go(message.key)

    def reason(self, waiting: Waiting) -> str:
        said = next((part.name for part in reversed(waiting.parts) if part.name), "")
        size = int(said) if said else self.settings.size
        return "size" if len(waiting.parts) >= size else ""

    def sent_as(self, waiting: Waiting) -> tuple[str, Model]:
        items = [part.value for part in waiting.parts]
        return self.batch.name, Batch(items=items, count=len(items), key=waiting.key, reason=waiting.reason)
