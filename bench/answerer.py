"""A module for the benchmark of calls between modules: it answers."""

from weirflow import Component, Context, Model, Module, Result, input


class Answer(Component):
    """Takes a visit and answers with its number."""

    title, category = "Answer", "Benchmark"

    class Visit(Model):
        number: int
        user: str
        text: str = ""

    class Seen(Model):
        number: int
        greeting: str

    @input("in")
    async def answer(self, ctx: Context, message: Visit) -> Result:
        return self.Seen(number=message.number, greeting=f"hello {message.user}")


module = Module("answerer-v1", "0.1.0", [Answer])
