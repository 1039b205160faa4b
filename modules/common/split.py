"""The split."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Literal

from weirflow import JSON, Component, Context, Fail, Field, Model, Result, input, output

#: After so many items other messages get their turn, should the flow behind never wait.
BREATHER = 100
#: The definition of what is carried along.
CARRIED = "split-context"


class SplitInput(Model):
    """A list to take apart."""

    items: list[Any] = Field(title="Items", description="Sent one by one", configurable=True)
    context: Any = Field(
        None, title="Context", description="Carried along with each item", configurable=True, id=CARRIED
    )


class SplitItem(Model):
    """One item of the list."""

    item: Any = Field(title="Item", description="The item itself")
    index: int = Field(title="Index", description="0 for the first")
    count: int = Field(title="Count", description="Items in the list")
    batch: str = Field(title="Batch", description="The same for all items of one list: a key to collect them by")
    context: Any = Field(None, title="Context", description="What came with the list", shared=True, id=CARRIED)


class SplitDone(Model):
    """Sent once all items are through."""

    results: list[Any] = Field(title="Results", description="The answers, by item; null where there was none")
    count: int = Field(title="Count", description="Items in the list")
    failed: int = Field(title="Failed", description="Items whose flow failed")
    context: Any = Field(None, title="Context", description="What came with the list", shared=True, id=CARRIED)


class Split(Component):
    """Sends the items of a list one by one.

    Each item waits for the one before, or so many go at once as `concurrency` says; they always start in order. When
    all are through, `done` is sent with their answers in the order of the items.

    The answer is that of the flow behind `done`; without one, the list of the items' answers; nothing if there were
    none. All of it happens within the deadline of the message that brought the list.

    An item that fails ends the list: those under way finish, no other starts, and the failure travels back. With
    `onError` of `continue` the others go on, and `done` says how many failed. A list that is sent again (by the retry
    policy of its wire) sends items with the same operation ids: nodes that keep state count each once.

    Error: `too_many_items`, permanent, for a list longer than `maxItems`.
    """

    category = "Flow"
    icon = "split"
    tags = ("list", "loop", "each", "array", "iterate")

    class Settings(Model):
        concurrency: int = Field(1, ge=1, le=100, title="At once", description="Items under way at the same time")
        on_error: Literal["stop", "continue"] = Field(
            "stop",
            title="When an item fails",
            description="Whether the items after it are still sent",
            enum_titles=["Stop and fail", "Go on with the others"],
        )
        max_items: int = Field(
            10_000, ge=1, le=100_000, title="Most items", description="A longer list is refused, none of it sent"
        )

    settings: Settings

    item = output("item", SplitItem)
    done = output("done", SplitDone)

    @input("in", label="In")
    async def split(self, ctx: Context, message: SplitInput) -> Result:
        count, most = len(message.items), self.settings.max_items
        if count > most:
            raise Fail(
                f"the list has {count:,} items, the most is {most:,}; send it in parts, or raise maxItems",
                code="too_many_items",
                permanent=True,
                field="/items",
            )
        answers: list[JSON] = [None] * count
        failures = await self._send(ctx, message, answers)
        if failures and self.settings.on_error == "stop":
            raise failures[0]
        done = SplitDone(results=answers, count=count, failed=len(failures), context=message.context)
        answer = await self.done.emit(ctx, done)
        if answer is None and any(each is not None for each in answers):
            return answers
        return answer

    async def _send(self, ctx: Context, message: SplitInput, answers: list[JSON]) -> list[Fail]:
        """Send all items, filling in their answers. Returns what failed, in the order it did."""
        waiting = iter(enumerate(message.items))
        failures: list[Fail] = []
        if self.settings.concurrency == 1:
            await self._one_by_one(ctx, message, waiting, answers, failures)
        else:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(min(self.settings.concurrency, len(answers))):
                    lanes.create_task(self._one_by_one(ctx, message, waiting, answers, failures))
        return failures

    async def _one_by_one(
        self,
        ctx: Context,
        message: SplitInput,
        waiting: Iterator[tuple[int, JSON]],
        answers: list[JSON],
        failures: list[Fail],
    ) -> None:
        batch, count, stops = ctx.operation_id, len(answers), self.settings.on_error == "stop"
        for index, item in waiting:
            value = SplitItem(item=item, index=index, count=count, batch=batch, context=message.context)
            try:
                answers[index] = await self.item.emit(ctx, value)
            except Fail as failure:
                failures.append(failure)
            if failures and stops:
                return
            if index % BREATHER == BREATHER - 1:
                await asyncio.sleep(0)
