"""Speaking to the cluster of a kubeconfig: one connection for one command, its errors as the command's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from weirflow.cli.failures import Exit, Failure
from weirflow.cli.where import Where

if TYPE_CHECKING:
    from weirflow.kube.http import HttpCluster

T = TypeVar("T")
ANSWER_SECONDS = 10.0


def in_cluster(where: Where, work: Callable[[HttpCluster], Awaitable[T]]) -> T:
    """What ``work`` comes to. Raises ``Failure`` for whatever the cluster or the kubeconfig does not give."""
    return asyncio.run(_in_cluster(where, work))


async def _in_cluster(where: Where, work: Callable[[HttpCluster], Awaitable[T]]) -> T:
    from weirflow.kube.config import ConfigError, load_config
    from weirflow.kube.errors import ApiError, Forbidden, NotFound, Unauthorized
    from weirflow.kube.http import HttpCluster

    cluster: HttpCluster | None = None
    try:
        cluster = HttpCluster(load_config(where.kubeconfig), timeout=ANSWER_SECONDS)
        return await work(cluster)
    except ConfigError as error:
        raise Failure(str(error), code="bad_kubeconfig", exit=Exit.USAGE) from error
    except (Unauthorized, Forbidden) as error:
        text = f"the cluster of {where.kubeconfig} refuses: {error.message}; use a kubeconfig with more rights"
        raise Failure(text, code="refused", exit=Exit.REFUSED) from error
    except NotFound as error:
        text = f"the cluster of {where.kubeconfig} does not have it: {error.message}; is Weirflow installed there?"
        raise Failure(text, code="not_found", exit=Exit.MISSING) from error
    except (ApiError, OSError) as error:
        text = f"the cluster of {where.kubeconfig} does not answer: {error}; is it running? script/run starts one"
        raise Failure(text, code="unreachable", exit=Exit.UNREACHABLE) from error
    finally:
        if cluster is not None:
            await cluster.close()
