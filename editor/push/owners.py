"""The resources a node belongs to, TinyProject and TinyFlow: there before their nodes, gone after them."""

from collections.abc import Iterable

from editor.push.rows import Titled, Work
from projects.models import Flow, Kind, Project
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, NotFound
from weirflow.kube.resources import (
    ANNOTATION_FLOW_TITLE,
    ANNOTATION_OUTBOUND,
    ANNOTATION_PROJECT_TITLE,
    LABEL_PROJECT,
    SECRET,
    TINY_FLOW,
    TINY_PROJECT,
    TINY_SCENARIO,
    TINY_WIDGET_PAGE,
    Object,
    Resource,
)

Ensured = list[tuple[type[Project] | type[Flow], Titled]]

_RESOURCES = {
    Kind.PROJECT: TINY_PROJECT,
    Kind.FLOW: TINY_FLOW,
    Kind.SCENARIO: TINY_SCENARIO,
    Kind.PAGE: TINY_WIDGET_PAGE,
    Kind.SECRET: SECRET,
}


async def ensure_owners(cluster: ClusterClient, work: Work) -> Ensured:
    """Create or retitle the project and flows that are dirty. Returns those that now stand."""
    done: Ensured = []
    for project in work.projects:
        # None takes it away where it stands.
        annotations = {ANNOTATION_PROJECT_TITLE: project.title, ANNOTATION_OUTBOUND: project.outbound or None}
        metadata = {"annotations": annotations}
        await _ensure(cluster, TINY_PROJECT, project.name, metadata)
        done.append((Project, project))
    for flow in work.flows:
        metadata = {"annotations": {ANNOTATION_FLOW_TITLE: flow.title}, "labels": {LABEL_PROJECT: flow.owner}}
        await _ensure(cluster, TINY_FLOW, flow.name, metadata)
        done.append((Flow, flow))
    return done


async def remove_owners(cluster: ClusterClient, doomed: Iterable[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Delete flows, scenarios, pages and secrets, then projects. Returns what is gone."""
    ordered = sorted(doomed, key=lambda entry: entry[0] == Kind.PROJECT)
    for kind, name in ordered:
        try:
            await cluster.delete(_RESOURCES[kind], name)
        except NotFound:
            continue
    return ordered


async def _ensure(cluster: ClusterClient, resource: Resource, name: str, metadata: Object) -> None:
    given = {key: text for key, text in metadata["annotations"].items() if text is not None}
    try:
        await cluster.create(resource, resource.new(name, metadata={**metadata, "annotations": given}, spec={}))
    except AlreadyExists:
        await cluster.patch(resource, name, {"metadata": metadata})
