"""Telling the other rooms after the commit."""

import uuid
from functools import partial

from django.db import transaction

from projects import signals
from projects.models import Change, CommentThread, FlowTest, PageChange, Project, Team


def tell_project(project_id: uuid.UUID, flow_id: uuid.UUID | None = None) -> None:
    transaction.on_commit(partial(signals.project_changed.send_robust, Project, project_id=project_id, flow_id=flow_id))


def tell_change(change: Change) -> None:
    transaction.on_commit(partial(signals.flow_changed.send_robust, Change, flow_id=change.flow_id, change=change))


def tell_pages(change: PageChange) -> None:
    transaction.on_commit(partial(signals.pages_changed.send_robust, PageChange, change=change))


def tell_comments(flow_id: uuid.UUID) -> None:
    transaction.on_commit(partial(signals.comments_changed.send_robust, CommentThread, flow_id=flow_id))


def tell_tests(flow_id: uuid.UUID) -> None:
    transaction.on_commit(partial(signals.tests_changed.send_robust, FlowTest, flow_id=flow_id))


def tell_access(user_id: int, project_id: uuid.UUID | None) -> None:
    transaction.on_commit(partial(signals.access_changed.send_robust, Project, user_id=user_id, project_id=project_id))


def tell_access_of_team(team: Team, project_id: uuid.UUID | None) -> None:
    for user_id in team.memberships.values_list("user_id", flat=True):
        tell_access(user_id, project_id)


def tell_link(link_id: uuid.UUID) -> None:
    transaction.on_commit(partial(signals.link_revoked.send_robust, Project, link_id=link_id))
