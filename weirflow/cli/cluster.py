"""Speaking to the cluster of a kubeconfig: one connection for one command, its errors as the command's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.where import Where

if TYPE_CHECKING:
    from weirflow.kube.http import HttpCluster

T = TypeVar("T")
ANSWER_SECONDS = 10.0
KNOCK_SECONDS = 3.0


def in_cluster(where: Where, work: Callable[[HttpCluster], Awaitable[T]]) -> T:
    """What ``work`` comes to. Raises ``Failure`` for whatever the cluster or the kubeconfig does not give."""
    return asyncio.run(_in_cluster(where, work))


async def _in_cluster(where: Where, work: Callable[[HttpCluster], Awaitable[T]]) -> T:
    from weirflow.kube.config import ConfigError, load_config
    from weirflow.kube.errors import ApiError, Forbidden, NotFound, Unauthorized
    from weirflow.kube.http import HttpCluster

    cluster: HttpCluster | None = None
    try:
        config = load_config(where.kubeconfig)
        await _knock(config.server)
        cluster = HttpCluster(config, timeout=ANSWER_SECONDS)
        return await work(cluster)
    except ConfigError as error:
        raise Failure(str(error), code="bad_kubeconfig", exit=Exit.USAGE) from error
    except (Unauthorized, Forbidden) as error:
        text = f"the cluster of {where.kubeconfig} refuses: {error.message}; use a kubeconfig with more rights"
        raise Failure(text, code="refused", exit=Exit.REFUSED) from error
    except NotFound as error:
        text = f"the cluster of {where.kubeconfig} does not have it: {error.message}; is Weirflow installed there?"
        raise Failure(text, code="not_found", exit=Exit.MISSING) from error
    except (ApiError, OSError, TimeoutError) as error:
        why = str(error) or "no answer in time"
        text = f"the cluster of {where.kubeconfig} does not answer: {why}; is it running? script/run starts one"
        raise Failure(text, code="unreachable", exit=Exit.UNREACHABLE) from error
    finally:
        if cluster is not None:
            await cluster.close()


async def _knock(server: str) -> None:
    """Whether anybody is there at all: reads are tried again and again until their time is over, and who sits at a
    terminal need not wait for that."""
    address = urlsplit(server)
    async with asyncio.timeout(KNOCK_SECONDS):
        _, writer = await asyncio.open_connection(address.hostname, address.port or 443)
    writer.close()
