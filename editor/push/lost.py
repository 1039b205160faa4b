"""Projects that were pushed once and that the cluster does not know: it is another one, or was made anew."""

import logging

from django.db import transaction

from editor.database import in_database
from projects.models import Flow, Node, Project, Scenario, WidgetPage
from weirflow.kube.client import ClusterClient, list_all
from weirflow.kube.resources import TINY_PROJECT

log = logging.getLogger(__name__)


async def push_lost_projects(cluster: ClusterClient) -> int:
    """Mark everything in the projects that the cluster does not know as to be pushed; how many projects that are.

    Raises what the cluster raises.
    """
    objects, _ = await list_all(cluster, TINY_PROJECT)
    lost = await in_database(_mark_all_but, {one["metadata"]["name"] for one in objects})
    if lost:
        log.warning("the cluster does not know %d of our projects: they are pushed to it again", lost)
    return lost


def _mark_all_but(known: set[str]) -> int:
    with transaction.atomic():
        pushed = Project.objects.filter(dirty=False).values_list("pk", "resource_name")
        lost = [pk for pk, name in pushed if name not in known]
        Project.objects.filter(pk__in=lost).update(dirty=True)
        for model in (Flow, Node, Scenario, WidgetPage):
            model._default_manager.filter(project_id__in=lost).update(dirty=True)
    return len(lost)
