"""What nodes keep beside their states, as TinyBatches: made whole, read whole, never changed; gone with their node."""

from __future__ import annotations

import uuid
from hashlib import blake2b

from weirflow.errors import JSON, Fail
from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.errors import ApiError, Forbidden, NotFound, StorageFull, TooManyRequests, Unavailable
from weirflow.kube.lease import LeaseLoop
from weirflow.kube.resources import LABEL_BATCH, TINY_BATCH, TINY_NODE, Object, decode_json, encode_json


class NodeBatches:
    """Those of one node; see `weirflow.services.Batches`."""

    def __init__(self, cluster: ClusterClient, node: str, uid: str, lease: LeaseLoop) -> None:
        self._cluster, self._node, self._uid, self._lease = cluster, node, uid, lease

    async def put(self, value: JSON) -> str:
        name = f"batch-{uuid.uuid4().hex}"
        metadata = {
            "labels": {LABEL_BATCH: self._label},
            "ownerReferences": [
                {
                    "apiVersion": TINY_NODE.api_version,
                    "kind": TINY_NODE.kind,
                    "name": self._node,
                    "uid": self._uid,
                }
            ],
        }
        spec = {"node": self._node, "epoch": self._lease.epoch, "data": encode_json(value)}
        try:
            await self._cluster.create(TINY_BATCH, TINY_BATCH.new(name, metadata=metadata, spec=spec))
        except ApiError as error:
            raise self._failure(error) from error
        return name

    async def get(self, name: str) -> JSON:
        try:
            batch = await self._cluster.get(TINY_BATCH, name)
            value: JSON = decode_json(batch["spec"]["data"])
        except NotFound:
            return None
        except ApiError as error:
            raise self._failure(error) from error
        except ValueError:
            return None
        return value

    async def remove(self, name: str) -> None:
        try:
            await self._cluster.delete(TINY_BATCH, name)
        except NotFound:
            return
        except ApiError as error:
            raise self._failure(error) from error

    async def made(self) -> dict[str, int]:
        try:
            found, _ = await list_all(
                self._cluster, TINY_BATCH, label_selector=f"{LABEL_BATCH}={self._label}", keep=_outline
            )
        except ApiError as error:
            raise self._failure(error) from error
        return {batch["metadata"]["name"]: int(batch["spec"].get("epoch") or 0) for batch in found}

    @property
    def _label(self) -> str:
        # By the uid too: a node that was deleted and made again under its name begins anew.
        return blake2b(f"{self._node} {self._uid}".encode(), digest_size=16).hexdigest()

    def _failure(self, error: ApiError) -> Fail:
        if isinstance(error, StorageFull):
            return Fail(f"{self._node} cannot keep more: {error.message}", code="storage_full", retryable=True)
        if isinstance(error, Unavailable | TooManyRequests):
            text = f"what {self._node} keeps beside its state cannot be reached: {error.message}"
            return Fail(text, code="cluster_unreachable", retryable=True)
        hint = "; run manage.py install_cluster again" if isinstance(error, Forbidden | NotFound) else ""
        return Fail(
            f"the cluster refuses what {self._node} keeps beside its state: {error.message}{hint}",
            code="batch_refused",
        )


def _outline(batch: Object) -> Object:
    """What is kept of one while they are listed."""
    return {"metadata": {"name": batch["metadata"]["name"]}, "spec": {"epoch": batch["spec"].get("epoch")}}
