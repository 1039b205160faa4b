"""Secrets of a project on their way to the cluster: the names into rows, the values nowhere but there (ADR 104)."""

import base64
import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User

from editor.api.errors import refuse
from editor.database import in_database
from editor.hub import Hub
from projects.actions import do_create_secret, do_give_up_secret, do_replace_secret
from projects.actions.secrets import secret_stored
from projects.models import ProjectSecret
from projects.operations.limits import MAX_SECRET_BYTES
from projects.permissions import visible_project
from projects.secret_uses import secret_row
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, Forbidden, NotFound, Unavailable
from weirflow.kube.resources import LABEL_SECRET, LABEL_SECRETS_OF, MANAGED_BY, SECRET, Object
from weirflow.runtime.concealing import MIN_CHARACTERS
from weirflow.secret_references import reference_in

log = logging.getLogger(__name__)


async def add(hub: Hub, person: User, project_id: uuid.UUID, name: str, key: str, value: str) -> dict[str, Any]:
    """A new secret. Returns its row. Raises ProjectError; 503 where the cluster does not take it, and nothing stays."""

    def create() -> ProjectSecret:
        return do_create_secret(person, visible_project(person, project_id), name, key)

    return await _store(hub, person, create, value)


async def replace(hub: Hub, person: User, project_id: uuid.UUID, secret_id: uuid.UUID, value: str) -> dict[str, Any]:
    """Another value for a secret; nodes that use it have it at once. Raises as ``add``."""

    def change() -> ProjectSecret:
        return do_replace_secret(person, visible_project(person, project_id), secret_id)

    return await _store(hub, person, change, value)


async def _store(hub: Hub, person: User, act: Callable[[], ProjectSecret], value: str) -> dict[str, Any]:
    raw = checked(value)
    if not hub.start() or hub.connection is None:
        raise Unavailable(hub.reason, sent=False)
    secret = await in_database(act)
    try:
        await _write(hub.connection.cluster, _object(secret, raw))
    except ApiError as error:
        await in_database(do_give_up_secret, person, secret)
        if isinstance(error, Forbidden):
            log.warning("the cluster refuses the Secret %s: %s", secret.resource_name, error.message)
            message = (
                "The cluster does not let Weirflow store secrets: whoever runs it gives the account the rights of this "
                "version with manage.py install_cluster."
            )
            raise refuse(503, "cluster_refuses", message) from None
        raise
    await in_database(secret_stored, secret)
    secret.stored = True
    return {**await in_database(secret_row, secret), "hidden": is_hidden(value)}


def is_hidden(value: str) -> bool:
    """Whether hosts find the value in logs and messages too; a shorter one is hidden in marked fields alone."""
    return len(value.strip()) >= MIN_CHARACTERS


def checked(value: str) -> bytes:
    """The value as it is stored. Raises ProjectError, which does not repeat it."""
    raw = value.encode("utf-8", "replace")
    if not raw:
        raise refuse(422, "secret_empty", "Type or paste the secret's value.", field="/value")
    if len(raw) > MAX_SECRET_BYTES:
        limit = MAX_SECRET_BYTES // 1024
        raise refuse(413, "secret_too_large", f"A secret has at most {limit} KiB.", field="/value")
    if reference_in(value.strip()) is not None:
        message = "This is a reference, not a value: put it into the field itself."
        raise refuse(422, "secret_is_reference", message, field="/value")
    return raw


def _object(secret: ProjectSecret, raw: bytes) -> Object:
    labels = {**MANAGED_BY, LABEL_SECRETS_OF: secret.project.resource_name, LABEL_SECRET: secret.name}
    data = {secret.key: base64.b64encode(raw).decode("ascii")}
    return SECRET.new(secret.resource_name, metadata={"labels": labels}, type="Opaque", data=data)


async def _write(cluster: ClusterClient, obj: Object) -> None:
    """Whatever is there by now; nothing of it is read. Its name is nobody else's."""
    name = obj["metadata"]["name"]
    try:
        await cluster.replace(SECRET, name, obj)
    except NotFound:
        try:
            await cluster.create(SECRET, obj)
        except AlreadyExists:
            await cluster.replace(SECRET, name, obj)
