"""The merge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints, field_validator

from modules.common.gathering import Gathering
from modules.common.waiting import KEY_LENGTH, GatheringSettings, Part, Waiting
from weirflow import Context, Field, Model, OutputHandler, Port, Result, output

InputName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)]


class MergeInput(Model):
    """A message that waits for those of the other inputs."""

    value: Any = Field(
        None, title="Value", description="Stands in the merged message under the input's name", configurable=True
    )
    key: str = Field(
        "",
        max_length=KEY_LENGTH,
        title="Key",
        description="Messages with the same key belong together, such as an order's number; none: those of one run",
        configurable=True,
    )


class Merged(Model):
    """The messages of all inputs as one."""

    values: dict[str, Any] = Field(title="Values", description="By the name of the input", shared=True)
    key: str = Field(title="Key", description="What they have in common; empty without one")


class Incomplete(Model):
    """A set that waited too long for the rest."""

    values: dict[str, Any] = Field(title="Values", description="What came, by the name of the input")
    missing: list[str] = Field(title="Missing", description="Names of the inputs that nothing came at")
    key: str = Field(title="Key", description="What they have in common; empty without one")


class Merge(Gathering):
    """Waits for a message at each of its inputs, and sends them as one.

    Each name in the settings' `inputs` is an input. What belongs together is what has come of one message: the branches
    of a run meet here, whatever other runs do meanwhile, on whichever replicas their nodes are. A delay or an async on
    the way keeps the run. Where inputs have sources of their own, give a `key` that both sides know, such as an order's
    number, or choose *Pair in order*: the first of each input with the first of the others.

    A second message at the same input belongs to the next set of its run or key. So a split whose items take two ways
    has its first items paired, its second ones, and so on; where the ways are not equally fast, give the items a key.

    Nobody is held up: a message is stored, and its caller is answered with nothing. Only the caller whose message
    completes the set waits for the flow behind `merged`, and gets its answer. So a request that goes two ways and comes
    together here is answered by what stands behind the merge.

    A set that is not complete after `wait` milliseconds leaves by `incomplete`, with what came and what is missing;
    without a wire there it is gone. If the flow behind that fails, it shows on the node.

    Messages go to the leading replica, and sets are kept in the node's resource until the flow behind has taken them:
    a restart loses none, and one that was under way, or could not be brought to the flow while its host was away, is
    sent again as the same operation. With `persistent` off they are in memory.

    `maxSets` and `maxBytes` bound what waits. Past that messages are refused with `full`, retryable; a message above
    `maxBytes` with `too_large`, permanent.
    """

    category = "Flow"
    icon = "merge"
    tags = ("join", "combine", "wait", "correlate", "sync")

    class Settings(GatheringSettings):
        inputs: list[InputName] = Field(
            ["a", "b"],
            title="Inputs",
            description="Names of the inputs: letters, digits, - and _",
            min_length=2,
            max_length=20,
            order=0.5,
        )

        @field_validator("inputs")
        @classmethod
        def _distinct(cls, inputs: list[str]) -> list[str]:
            taken = {"merged", "incomplete", "error"}
            for name in inputs:
                if name in taken:
                    raise ValueError(f"the name {name!r} is taken; each input needs one of its own")
                taken.add(name)
            return inputs

        without_key: Literal["run", "order"] = Field(
            "run",
            title="Without a key",
            description="What belongs together where messages have no key",
            enum_titles=["Join by run", "Pair in order"],
            order=0.6,
        )

    settings: Settings

    merged = output("merged", Merged)
    incomplete = output("incomplete", Incomplete)

    def ports(self) -> list[Port]:
        inputs = [Port.input(name, MergeInput, label=name, leader=True) for name in self.settings.inputs]
        return [*super().ports(), *inputs]

    async def handle(self, ctx: Context, output: OutputHandler, port: str, message: Any) -> Result:
        if port in self.settings.inputs:
            return await self.take(
                ctx,
                message.key,
                Part(name=port, value=message.value),
                by_run=self.settings.without_key == "run",
            )
        return None if port.startswith("_") else await super().handle(ctx, output, port, message)

    def fits(self, waiting: Waiting, name: str) -> bool:
        return all(part.name != name for part in waiting.parts)

    def reason(self, waiting: Waiting) -> str:
        return "" if self._missing(waiting) else "complete"

    def sent_as(self, waiting: Waiting) -> tuple[str, Model]:
        values = {part.name: part.value for part in waiting.parts if part.name in self.settings.inputs}
        if missing := self._missing(waiting):
            return self.incomplete.name, Incomplete(values=values, missing=missing, key=waiting.key)
        return self.merged.name, Merged(values=values, key=waiting.key)

    def _missing(self, waiting: Waiting) -> list[str]:
        there = {part.name for part in waiting.parts}
        return [name for name in self.settings.inputs if name not in there]
