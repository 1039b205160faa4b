"""``ClusterClient`` over HTTPS: one pool of kept connections, bounded waits, retries only where they are safe."""

from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import orjson

from weirflow.kube.access import ACCESS_REVIEW, attributes
from weirflow.kube.apply import apply_definitions
from weirflow.kube.client import PAGE_SIZE, Applied, PatchKind, WatchEvent
from weirflow.kube.credentials import ClusterConfig
from weirflow.kube.errors import ApiError, Unavailable, error_from
from weirflow.kube.limits import Limits
from weirflow.kube.lines import lines_of
from weirflow.kube.requests import Request, Requests, explain
from weirflow.kube.resources import LEASE, Object, Resource

if TYPE_CHECKING:
    from weirflow.kube.streams import Stream

_PATCH_TYPES: dict[PatchKind, str] = {
    "json": "application/json-patch+json",
    "merge": "application/merge-patch+json",
}
_VERBS = {"GET": "read", "POST": "create", "PUT": "replace", "PATCH": "patch", "DELETE": "delete"}


class HttpCluster:
    """A cluster behind a URL. Use as an async context manager, or call ``close``.

    ``timeout`` bounds one request in seconds, retries of reads included. Reads are repeated after a failure within that
    time; a write is repeated only when it surely was not done.
    """

    def __init__(self, config: ClusterConfig, *, timeout: float = 10.0, limits: Limits | None = None) -> None:
        self.config = config
        self._requests = Requests(config, timeout, limits)

    @property
    def limits(self) -> Limits:
        """What is asked of the server at most: as given, else what is fit for it as its answers show it."""
        return self._requests.limits

    @property
    def timeout(self) -> float:
        """Seconds that one request may take."""
        return self._requests.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._requests.timeout = seconds

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Drop all connections; running watches end with ``Unavailable``."""
        await self._requests.close()

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> Object:
        return await self._request("GET", resource, name, namespace=namespace)

    async def list(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
        limit: int = PAGE_SIZE,
        continue_token: str = "",
    ) -> Object:
        query = {"limit": str(limit)}
        if label_selector:
            query["labelSelector"] = label_selector
        if field_selector:
            query["fieldSelector"] = field_selector
        if continue_token:
            query["continue"] = continue_token
        return await self._request("GET", resource, namespace=namespace, query=query)

    async def create(self, resource: Resource, obj: Object, *, namespace: str | None = None) -> Object:
        return await self._request("POST", resource, namespace=namespace, body=obj)

    async def replace(self, resource: Resource, name: str, obj: Object, *, namespace: str | None = None) -> Object:
        return await self._request("PUT", resource, name, namespace=namespace, body=obj)

    async def patch(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        return await self._request("PATCH", resource, name, namespace=namespace, body=patch, media=_PATCH_TYPES[kind])

    async def patch_status(
        self,
        resource: Resource,
        name: str,
        patch: Object | Sequence[Object],
        *,
        kind: PatchKind = "merge",
        namespace: str | None = None,
    ) -> Object:
        return await self._request(
            "PATCH", resource, name, "status", namespace=namespace, body=patch, media=_PATCH_TYPES[kind]
        )

    async def delete(
        self, resource: Resource, name: str, *, uid: str | None = None, namespace: str | None = None
    ) -> Object:
        options = {"preconditions": {"uid": uid}} if uid else None
        return await self._request("DELETE", resource, name, namespace=namespace, body=options)

    async def apply_crds(self, definitions: Sequence[Object]) -> dict[str, Applied]:
        return await apply_definitions(self, definitions, self.timeout)

    async def access_review(
        self, verb: str, resource: Resource, *, subresource: str = "", name: str = "", namespace: str | None = None
    ) -> bool:
        asked = attributes(verb, resource, subresource, name, namespace or self.config.namespace)
        answer = await self.create(ACCESS_REVIEW, {"spec": {"resourceAttributes": asked}})
        return bool(answer.get("status", {}).get("allowed"))

    async def watch(
        self,
        resource: Resource,
        *,
        resource_version: str,
        timeout_seconds: int,
        inactivity_seconds: float,
        namespace: str | None = None,
        label_selector: str = "",
        field_selector: str = "",
    ) -> AsyncIterator[WatchEvent]:
        query = {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(timeout_seconds),
        }
        if label_selector:
            query["labelSelector"] = label_selector
        if field_selector:
            query["fieldSelector"] = field_selector
        doing = f"watch {resource.plural}"
        stream: Stream | None = None
        try:
            stream = await self._requests.open(self._url(resource, namespace), query, inactivity_seconds, doing)
            yield WatchEvent("BOOKMARK", {"metadata": {"resourceVersion": resource_version}})
            async for line in lines_of(stream.chunks()):
                yield _event(line, doing)
        except OSError as error:
            raise Unavailable(f"{doing}: {explain(error)}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise ApiError(f"{doing}: what came is no event: {error!r}") from error
        finally:
            if stream is not None:
                stream.close()

    async def _request(
        self,
        method: str,
        resource: Resource,
        name: str = "",
        subresource: str = "",
        *,
        namespace: str | None,
        query: dict[str, str] | None = None,
        body: Any = None,
        media: str = "application/json",
    ) -> Object:
        doing = f"{_VERBS[method]} {'/'.join(filter(None, (resource.plural, name, subresource)))}"
        path = resource.path(namespace or self.config.namespace, name, subresource)
        request = Request(method, path, doing, query, body, media)
        # Leadership must not wait behind the writes that it stands for.
        return await self._requests.send(request, throttled=resource is not LEASE)

    def _url(self, resource: Resource, namespace: str | None) -> str:
        return self.config.server + resource.path(namespace or self.config.namespace)


def _event(line: bytes, doing: str) -> WatchEvent:
    event = orjson.loads(line)
    type_, obj = str(event["type"]), event["object"]
    if type_ == "ERROR":
        raise error_from(int(obj.get("code") or 500), obj, doing)
    metadata = obj["metadata"]
    if not metadata["resourceVersion"] or (type_ != "BOOKMARK" and not metadata["name"]):
        raise ValueError("an object without name or resourceVersion")
    return WatchEvent(type_, obj)
