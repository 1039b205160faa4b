"""A component whose state says by itself whether anything was lost, doubled or put in another order."""

from weirflow import Component, Context, Model, Module, Result, StateStore, input, stored


class Tally(Component):
    """Keeps the id of every operation, in the order in which they were applied; answers with the place."""

    class State(Model, version=1):
        applied: list[str] = stored("tally-applied", default_factory=list)
        at: float = stored("tally-at", 0.0)

    class Add(Model):
        pass

    state: StateStore[State]

    @input("add", leader=True)
    async def add(self, ctx: Context, message: Add) -> Result:
        async with self.state.change() as state:
            state.applied.append(ctx.operation_id)
            state.at = self.services.clock.time()
        return len(state.applied)


module = Module("fence-v1", "0.1.0", [Tally])
NODE = "p-abcde.fence-v1.tally-node1"
