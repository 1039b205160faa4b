"""The parts, all examined at once: none may take longer than its bound, and one that breaks is a finding too."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

from django.db import connections

from config.doctor import cluster, code, database, keys, machine, mail, outbound, owners, redis, web, worker
from config.doctor.finding import Finding, Level, Part, Said

PARTS: dict[str, Part] = {
    "database": database.look,
    "redis": redis.look,
    "web": web.look,
    "web processes": redis.look_for_processes,
    "worker": worker.look,
    "cluster": cluster.look,
    "owners": owners.look,
    "keys": keys.look,
    "machine": machine.look,
    "mail": mail.look,
    "code": code.look,
    "outbound": outbound.look,
}
SECONDS = 15.0


def examine(parts: dict[str, Part] | None = None, seconds: float = SECONDS) -> list[Finding]:
    """All findings, in the order of the parts."""
    chosen = PARTS if parts is None else parts
    pool = ThreadPoolExecutor(max_workers=len(chosen), thread_name_prefix="doctor")
    futures = {name: pool.submit(_looked, part) for name, part in chosen.items()}
    until = monotonic() + seconds
    found = [finding for name, future in futures.items() for finding in _findings(name, future, until)]
    # One that hangs is left behind: the process ends after this.
    pool.shutdown(wait=False, cancel_futures=True)
    return found


def _looked(part: Callable[[], Iterable[Said]]) -> list[Said]:
    try:
        return list(part())
    finally:
        connections.close_all()


def _findings(name: str, future: "Future[list[Said]]", until: float) -> list[Finding]:
    try:
        said = future.result(max(0.0, until - monotonic()))
    except TimeoutError:
        do = "See whether the service answers at all from this machine: a firewall that drops packets looks like this."
        return [Finding(name, Level.ERROR, "It could not be examined in time.", do)]
    except Exception as broken:
        do = "If the other findings do not explain it, this is a fault of ours: please report it."
        return [Finding(name, Level.ERROR, f"It could not be examined: {type(broken).__name__}.", do)]
    return [Finding(name, *one) for one in said]
