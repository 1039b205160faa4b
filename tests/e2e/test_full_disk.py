"""A disk that fills up under the running product: a clear error, and nothing that was acknowledged is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import Product
from tests.e2e.visits import applied, visit_once, visit_until_answered
from tests.waiting import read_until

pytestmark = [pytest.mark.kubectl]

SMALL_DISK = """
set -e
mount -t tmpfs -o size=24m tmpfs "$1"
shift
exec "$@"
"""


class ProductOnSmallDisk(Product):
    """Runs in a mount namespace of its own, where its data directory is a file system of 24 MiB."""

    def command(self) -> list[str]:
        self.disk.mkdir(exist_ok=True)
        return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", str(self.disk),
                *super().command()]  # fmt: skip

    @property
    def disk(self) -> Path:
        return self.home.parent

    def inside(self, path: Path) -> Path:
        """The path as this process reaches it."""
        return Path(f"/proc/{self.pid}/root{path}")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[ProductOnSmallDisk]:
    product = ProductOnSmallDisk(tmp_path / "disk" / "home")
    yield product.start()  # type: ignore[misc]
    product.stop()


async def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(small: ProductOnSmallDisk) -> None:
    value = (await visit_until_answered(small)).value
    filler = small.inside(small.disk) / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            pass

    async def refused() -> tuple[int, str]:
        nonlocal value
        answer = await visit_once(small)
        value = max(value, answer.value)
        return answer.status, answer.text

    status, text = await read_until(refused, lambda answer: answer[0] >= 500)
    assert status in (500, 503, 507), text
    filler.unlink()
    # Whether a refused visit was counted before the disk refused is open; an answered one must be there.
    assert (await visit_until_answered(small)).value > value
    assert await applied(small) > value
