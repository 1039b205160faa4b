"""The cluster: whether it answers, knows our kinds, and lets the web processes do what they have to."""

import asyncio
from collections.abc import Iterator

from config.doctor.finding import Said, error, ok

SECONDS = 4.0


def look() -> Iterator[Said]:
    from weirflow.kube.config import ConfigError
    from weirflow.kube.errors import ApiError

    try:
        yield from asyncio.run(_look())
    except ConfigError as broken:
        yield error(f"The cluster cannot be used: {broken}.", "Set KUBECONFIG to the file that install_cluster wrote.")
    except ApiError as broken:
        yield error(f"The cluster does not answer: {broken.message}.", "See that this machine reaches its API server.")


async def _look() -> list[Said]:
    from editor.process import connect
    from weirflow.kube import resources, roles
    from weirflow.kube.errors import ApiError, Forbidden, NotFound

    kinds = [one for name, one in vars(resources).items() if name.startswith("TINY_") and hasattr(one, "plural")]
    said: list[Said] = []
    async with connect() as cluster:
        cluster.timeout = SECONDS
        missing = []
        for kind in kinds:
            try:
                await cluster.list(kind, limit=1)
            except NotFound:
                missing.append(kind.kind)
            except Forbidden:
                continue
        if missing:
            do = "Run manage.py install_cluster as an administrator of the cluster."
            return [error(f"The cluster does not know {', '.join(sorted(missing))}.", do)]
        said.append(ok("The cluster answers and knows our kinds."))
        asked = [(verb, kind) for kind in kinds for verb in _verbs(kind.plural, roles.DOCUMENTS)]
        try:
            allowed = await asyncio.gather(*(cluster.access_review(verb, kind) for verb, kind in asked))
        except ApiError:
            return said  # a cluster without reviews: the embedded one shows itself what it allows
        refused = sorted({f"{verb} {kind.plural}" for (verb, kind), may in zip(asked, allowed, strict=True) if not may})
        if refused:
            do = "Run manage.py install_cluster again: it brings the rights up to date."
            said.append(error(f"The web processes may not: {', '.join(refused[:8])}.", do))
        else:
            said.append(ok("The web processes have their rights on it."))
    return said


def _verbs(plural: str, documents: tuple[str, ...]) -> tuple[str, ...]:
    return ("list", "watch", "create", "patch", "delete") if plural in documents else ("list", "watch")
