"""Scenarios as TinyScenarios: written after the nodes they speak of, in the form that other editors read."""

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from editor.push.problems import problem_of
from projects.models import Node, Scenario
from projects.prepared import Prepared
from weirflow.kube.client import ClusterClient
from weirflow.kube.errors import AlreadyExists, ApiError, TooManyRequests, Unavailable
from weirflow.kube.resources import (
    ANNOTATION_SCENARIO_NAME,
    LABEL_FLOW,
    LABEL_PROJECT,
    TINY_SCENARIO,
    encode_json,
)

log = logging.getLogger(__name__)

_dirty_of = Prepared(lambda project: Scenario.objects.filter(project_id=project, dirty=True))


@dataclass(frozen=True, slots=True)
class DesiredScenario:
    """A scenario as its row has it, in resource names. ``ports`` are the entries of ``spec.ports``."""

    pk: uuid.UUID
    name: str
    title: str
    rev: int
    project: str
    flow: str
    ports: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class AppliedScenario:
    """What came of one scenario: written (``problem`` is None) or refused."""

    pk: uuid.UUID
    rev: int
    problem: dict[str, Any] | None = None


def dirty_scenarios(project_id: uuid.UUID, flows: Mapping[uuid.UUID, str], project: str) -> list[DesiredScenario]:
    """The scenarios of a project that have to be written; ``flows`` are resource names by id."""
    rows = _dirty_of(project_id)
    if not rows:
        return []
    wanted = {sample["node"] for row in rows for sample in row.ports}
    names = dict(Node.objects.filter(project_id=project_id, pk__in=wanted).values_list("pk", "name"))
    return [
        DesiredScenario(
            pk=row.pk,
            name=row.resource_name,
            title=row.name,
            rev=row.desired_rev,
            project=project,
            flow=flows[row.flow_id],
            ports=_ports(row, names),
        )
        for row in rows
    ]


async def ensure_scenarios(
    cluster: ClusterClient, scenarios: Iterable[DesiredScenario], done: list[AppliedScenario]
) -> None:
    """Create or rewrite them; ``done`` takes what came of each. One that is refused does not hold up others. Raises
    ``Unavailable``, ``TooManyRequests``."""
    for one in scenarios:
        try:
            await _ensure(cluster, one)
        except (Unavailable, TooManyRequests):
            raise
        except ApiError as error:
            log.warning("push of the scenario %s failed: %s", one.name, error.message)
            done.append(AppliedScenario(one.pk, one.rev, problem_of(error, one.name)))
        else:
            done.append(AppliedScenario(one.pk, one.rev))


def record_scenarios(applied: Iterable[AppliedScenario]) -> None:
    """Remember what was applied. An edit made meanwhile has raised ``desired_rev`` and keeps its row dirty."""
    with transaction.atomic():
        for one in applied:
            row = Scenario.objects.filter(pk=one.pk)
            if one.problem is not None:
                row.update(push_problem=one.problem)
            else:
                row.update(applied_rev=one.rev, push_problem=None)
                row.filter(desired_rev=one.rev).update(dirty=False)


async def _ensure(cluster: ClusterClient, one: DesiredScenario) -> None:
    metadata = {
        "labels": {LABEL_PROJECT: one.project, LABEL_FLOW: one.flow},
        "annotations": {ANNOTATION_SCENARIO_NAME: one.title},
    }
    spec = {"ports": one.ports}
    try:
        await cluster.create(TINY_SCENARIO, TINY_SCENARIO.new(one.name, metadata=metadata, spec=spec))
    except AlreadyExists:
        await cluster.patch(TINY_SCENARIO, one.name, {"metadata": metadata, "spec": spec})


def _ports(row: Scenario, names: Mapping[str, str]) -> list[dict[str, str]]:
    """What others read: full port names. Samples of nodes that are gone stay behind."""
    return [
        {"port": f"{names[sample['node']]}:{sample['port']}", "data": encode_json(sample["data"])}
        for sample in row.ports
        if sample["node"] in names
    ]
