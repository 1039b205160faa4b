"""The bodies and answers about projects, members and tokens, as they stand in the API's OpenAPI document."""

import uuid
from typing import Literal

from editor.api.described import Schema

RoleName = Literal["viewer", "operator", "editor", "owner"]


class NameIn(Schema):
    """What something is to be called."""

    name: str


class ProjectRow(Schema):
    """A project, and the highest role one has in it."""

    id: uuid.UUID
    name: str
    role: RoleName


class ProjectsOut(Schema):
    """A page of projects, in the order of their ids; ``next`` is the ``after`` of the following one."""

    projects: list[ProjectRow]
    next: uuid.UUID | None


class FlowRow(Schema):
    """A flow of a project."""

    id: uuid.UUID
    name: str


class FlowsOut(Schema):
    """A page of flows, in the order of their ids; ``next`` is the ``after`` of the following one."""

    flows: list[FlowRow]
    next: uuid.UUID | None


class RoleIn(Schema):
    """What somebody is to be in a project."""

    role: RoleName


class MemberRow(Schema):
    """Somebody who has a role of their own in a project."""

    id: int
    name: str
    role: RoleName


class MembersOut(Schema):
    """A page of members, in the order of their ids; ``next`` is the ``after`` of the following one."""

    members: list[MemberRow]
    next: int | None


class TokenRow(Schema):
    """An API token of one's own; its text is shown once, to who makes it."""

    id: uuid.UUID
    name: str
    prefix: str
    scopes: list[str]
    project: uuid.UUID | None
    created: str
    expires: str
    last_used: str | None


class TokensOut(Schema):
    """A page of tokens, in the order of their ids; ``next`` is the ``after`` of the following one."""

    tokens: list[TokenRow]
    next: uuid.UUID | None


class GoneOut(Schema):
    """What is gone."""

    id: uuid.UUID
