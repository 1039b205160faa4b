"""The whole product with three module hosts."""

import os
import signal
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import Product
from tests.waiting import wait_until


def answers(product: Product) -> bool:
    """Whether the demo flow has reached the module hosts."""
    try:
        with urllib.request.urlopen(f"{product.flows_url}/visits", timeout=20) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path / "home", {"WEIRFLOW_REPLICAS": "3"}).start()
    wait_until(lambda: answers(product), product.tail, 60)
    product.kubectl("wait", "tinynodes", "--all", "--for=jsonpath={.status.status}=OK", "--timeout=50s")
    yield product
    assert product.stop() == 0, product.tail()


class Visitor(threading.Thread):
    """Visits the demo flow, one request after the other, each on a connection of its own."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = f"{url}/visits"
        self._over = threading.Event()
        self.visits = 0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            while not self._over.is_set():
                with urllib.request.urlopen(self._url, timeout=60) as answer:
                    assert answer.status == 200
                self.visits += 1
        except Exception as error:
            self.error = error

    def leave(self) -> int:
        """How often it came. Raises what kept it from coming again."""
        self._over.set()
        self.join(timeout=70)
        if self.error is not None:
            raise self.error
        return self.visits


def count(product: Product) -> int:
    path = "{.items[*].status.metadata.counter-value}"
    return int(product.kubectl("get", "tinynodes", "-o", f"jsonpath={path}") or 0)


def test_all_module_hosts_start_again_one_after_the_other_and_no_visit_fails(three: Product) -> None:
    names = ["modules-0", "modules-1", "modules-2"]
    before = three.state()["children"]
    visitors = [Visitor(three.flows_url) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    wait_until(lambda: all(visitor.visits > 10 or visitor.error for visitor in visitors), three.tail, 60)
    os.kill(three.pid, signal.SIGUSR1)
    for name in names:
        three.wait_until_back(name)
    visits = sum(visitor.leave() for visitor in visitors)
    assert count(three) == visits + 1, "and the one that waited for the flow"
    after = three.state()["children"]
    assert {name for name in after if after[name] != before[name]} == set(names)


def test_a_killed_module_host_comes_back_while_the_others_answer(three: Product) -> None:
    visitor = Visitor(three.flows_url)
    for name in ("modules-0", "modules-1", "modules-2"):
        three.kill(name)
        three.wait_until_back(name)
    visitor.start()
    wait_until(lambda: visitor.visits > 20 or visitor.error is not None, three.tail, 60)
    assert visitor.leave() + 1 == count(three)
