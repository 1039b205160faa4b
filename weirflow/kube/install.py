"""Making a cluster ready for Weirflow: definitions, accounts with their rights, and the keys of links and states."""

import base64
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from weirflow.kube import roles
from weirflow.kube.apply import DEFINITION, apply_object
from weirflow.kube.client import ClusterClient
from weirflow.kube.definitions import tiny_definitions
from weirflow.kube.errors import AlreadyExists, ApiError
from weirflow.kube.resources import LINK_SECRET, MANAGED_BY, SECRET, STATE_KEYS_SECRET, Object, Resource
from weirflow.kube.state_keys import first_keys

NAMESPACE = Resource("", "v1", "namespaces", "Namespace", namespaced=False)
LINK_KEY_BYTES = 32
TOKEN_SECONDS = 365 * 86_400
"""Asked for; a cluster may hand out tokens that end sooner."""


class MissingRights(ApiError):
    """Whoever installs may not do all that installing takes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token of a service account, and when it ends (RFC 3339)."""

    value: str
    expires: str

    def __repr__(self) -> str:
        return f"Token(expires={self.expires})"


async def install(cluster: ClusterClient, namespace: str) -> AsyncIterator[str]:
    """Make ``namespace`` ready, and tell what was done, line by line. What is there already is brought up to date.

    Raises ``MissingRights`` before anything is changed, ``Foreign`` for definitions that somebody else made.
    """
    await check_rights(cluster, namespace)
    try:
        await cluster.create(NAMESPACE, NAMESPACE.new(namespace))
        yield f"namespace {namespace} created"
    except AlreadyExists:
        pass
    for name, done in (await cluster.apply_crds(tiny_definitions())).items():
        yield f"definition {name} {done}"
    for resource, wanted in roles.objects(namespace):
        done = await apply_object(cluster, resource, wanted, namespace=namespace)
        yield f"{resource.kind} {wanted['metadata']['name']} {done}"
    key = base64.b64encode(os.urandom(LINK_KEY_BYTES)).decode()
    for name, data in ((LINK_SECRET, {"key": key}), (STATE_KEYS_SECRET, first_keys())):
        try:
            await cluster.create(
                SECRET, SECRET.new(name, metadata={"labels": MANAGED_BY}, data=data), namespace=namespace
            )
            yield f"Secret {name} created"
        except AlreadyExists:
            yield f"Secret {name} unchanged"


async def check_rights(cluster: ClusterClient, namespace: str) -> None:
    """Raise ``MissingRights`` naming everything that ``install`` would be refused."""
    needed: list[tuple[str, Resource, str]] = [("create", SECRET, ""), ("create", roles.ACCOUNT, "token")]
    for resource in (DEFINITION, *dict.fromkeys(resource for resource, _ in roles.objects(namespace))):
        needed += [(verb, resource, "") for verb in ("get", "create", "patch")]
    missing = [
        f"{verb} {resource.plural}{'/' if subresource else ''}{subresource}"
        for verb, resource, subresource in needed
        if not await cluster.access_review(verb, resource, subresource=subresource, namespace=namespace)
    ]
    if missing:
        raise MissingRights(
            f"this kubeconfig may not do what installing into the namespace {namespace} takes: {', '.join(missing)}. "
            "Use an administrator's kubeconfig"
        )


async def issue_token(cluster: ClusterClient, account: str, namespace: str) -> Token:
    """A token for a service account. It is nowhere stored on the cluster; deleting the account ends it."""
    request = Resource("", "v1", f"serviceaccounts/{account}/token", "TokenRequest")
    asked: Object = {"spec": {"expirationSeconds": TOKEN_SECONDS}}
    answer = await cluster.create(request, asked, namespace=namespace)
    status = answer["status"]
    return Token(status["token"], status["expirationTimestamp"])
