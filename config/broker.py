"""The broker of one machine: files in a folder, each of which comes whole.

The library writes a message in the place where a worker looks for it, and makes the table of an exchange before it
locks it. Whoever reads in between finds half a file, which ended the worker. Here both are put in place when written.
"""

import logging
import os
import uuid
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Names of files are ``NANOSECONDS_UUID.QUEUE.msg``: they sort by when they were sent, also across a restart."""

    # The library calls it `payload` here and `message` in the class above.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Add a message. Raises ``OSError`` where the disk is full or the folder is not to be written."""
        _put_whole(Path(self.data_folder_out), f"{time_ns()}_{uuid.uuid4()}.{queue}.msg", dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message. One that a power failure left in part is let go: the database holds what is to do."""
        while True:
            try:
                return super()._get(queue)
            except ValueError as broken:
                log.warning("A message that was not written whole is left out: %s", broken)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table = self._exchange_file(exchange)
        if not table.exists():
            _put_whole(table.parent, table.name, dumps([(routing_key or "", pattern or "", queue or "")]))
        super()._queue_bind(exchange, routing_key, pattern, queue)


class Transport(filesystem.Transport):
    """Named by `CELERY_BROKER_TRANSPORT`."""

    Channel = Channel


def _put_whole(folder: Path, name: str, text: str) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    part = folder / f"{uuid.uuid4()}.part"
    part.write_text(text)
    os.replace(part, folder / name)
