"""A flow and people who edit it, for the benchmarks of teams."""

from dataclasses import dataclass

from tests.crowd import flow_with_editors, headers_of
from tests.e2e.product import Product


@dataclass(frozen=True)
class Crowd:
    """An empty flow, and the sessions of those who may edit it."""

    flow: str
    sessions: list[str]

    @staticmethod
    def headers(session: str, origin: str) -> str:
        """What a browser of this person sends with each request, as lines."""
        return "".join(f"{name}: {value}\r\n" for name, value in headers_of(session, origin).items())


def make_crowd(product: Product, count: int) -> Crowd:
    """A flow of the demo project with `count` editors. The product is running."""
    return Crowd(*flow_with_editors(product, count))
