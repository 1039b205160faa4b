"""Keep, change and delete scenarios: sample messages of a flow's ports, under a name (ADR 68)."""

import uuid
from collections.abc import Sequence
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from projects.actions.flows import locked_flow, next_rev
from projects.actions.told import tell_project
from projects.audit import audit
from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.models import Flow, Kind, Project, Removed, Scenario
from projects.names import resource_name
from projects.operations.limits import MAX_SCENARIO_BYTES, MAX_SCENARIO_BYTES_OF_FLOW, MAX_SCENARIOS
from projects.operations.shape import checked_size
from projects.permissions import Person
from projects.samples import Sample, checked_samples
from projects.titles import checked_title


@transaction.atomic
def do_create_scenario(
    person: Person, flow: Flow, scenario_id: uuid.UUID, name: str, ports: Sequence[Sample], catalogue: Catalogue
) -> Scenario:
    """A new scenario under an id that the client made. A repeat with the same id by the same person returns the first.

    Raises ProjectError: a name that is taken, limits, ports and nodes that do not exist.
    """
    project, fresh = locked_flow(person, flow)
    first = Scenario.objects.filter(pk=scenario_id).select_related("created_by").first()
    if first is not None:
        if first.flow_id != fresh.pk or first.created_by_id != person.pk:
            raise ProjectError("id_taken", "This id was used for another scenario: make a new one.", 409, field="/id")
        return first
    title = _free_name(fresh, name)
    if fresh.scenarios.count() >= MAX_SCENARIOS:
        message = f"The flow has {MAX_SCENARIOS} scenarios, which is the limit: delete one first."
        raise ProjectError("too_many_scenarios", message)
    samples = checked_samples(fresh, ports, catalogue)
    size = _checked_total(fresh, samples, 0)
    rev = next_rev(project)
    author = cast("User", person)  # nobody else may edit
    scenario = Scenario.objects.create(
        id=scenario_id, project=project, flow=fresh, name=title, resource_name=resource_name(title), ports=samples,
        size=size, rev=rev, desired_rev=rev, created_by=author, changed_by=author,
    )  # fmt: skip
    audit(person, "scenario.create", scenario, after={"messages": len(samples)})
    tell_project(project.id, fresh.id)
    return scenario


@transaction.atomic
def do_change_scenario(
    person: Person,
    flow: Flow,
    scenario_id: uuid.UUID,
    rev: int,
    catalogue: Catalogue,
    *,
    name: str | None = None,
    ports: Sequence[Sample] | None = None,
) -> Scenario:
    """Renames it, replaces its messages, or both. `rev` is the revision that the person was looking at: when somebody
    has changed it since, nothing happens (409, naming who)."""
    project, fresh, scenario = _locked_scenario(person, flow, scenario_id)
    if scenario.rev != rev:
        by = scenario.changed_by.get_username() if scenario.changed_by else "a former member"
        message = f"{by} has changed this scenario since you opened it: look at it again, then repeat your edit."
        raise ProjectError("scenario_changed", message, 409, field="/rev", by=by)
    was = scenario.name
    if name is not None and name != scenario.name:
        scenario.name = _free_name(fresh, name, besides=scenario)
    if ports is not None:
        scenario.ports = checked_samples(fresh, ports, catalogue)
        scenario.size = _checked_total(fresh, scenario.ports, scenario.size)
    scenario.rev = scenario.desired_rev = next_rev(project)
    scenario.dirty, scenario.push_problem = True, None
    scenario.changed_by = cast("User", person)
    scenario.save(update_fields=["name", "ports", "size", "rev", "desired_rev", "dirty", "push_problem", "changed_by"])
    after = {"name": scenario.name, "messages": len(scenario.ports), "replaced": ports is not None}
    audit(person, "scenario.change", scenario, before={"name": was}, after=after)
    tell_project(project.id, fresh.id)
    return scenario


@transaction.atomic
def do_delete_scenario(person: Person, flow: Flow, scenario_id: uuid.UUID) -> None:
    """Deletes it, here now and on the cluster by the pusher."""
    project, fresh, scenario = _locked_scenario(person, flow, scenario_id)
    Removed.objects.create(
        kind=Kind.SCENARIO,
        project_name=project.resource_name,
        resource_name=scenario.resource_name,
        uid=scenario.applied_uid,
    )
    audit(person, "scenario.delete", scenario)
    scenario.delete()
    next_rev(project)
    tell_project(project.id, fresh.id)


def _locked_scenario(person: Person, flow: Flow, scenario_id: uuid.UUID) -> tuple[Project, Flow, Scenario]:
    project, fresh = locked_flow(person, flow)
    found = fresh.scenarios.select_related("created_by", "changed_by").filter(pk=scenario_id).first()
    if found is None:
        raise ProjectError("not_found", "This scenario is not there any more.", 404)
    return project, fresh, found


def _free_name(flow: Flow, name: str, besides: Scenario | None = None) -> str:
    title = checked_title(name)
    others = flow.scenarios.filter(name=title)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        message = f"The flow has a scenario {title} already: give this one another name."
        raise ProjectError("name_taken", message, field="/name")
    return title


def _checked_total(flow: Flow, samples: Sequence[Sample], before: int) -> int:
    """Bytes of the samples. Refuses what is too much for one scenario, or for the flow with all it has."""
    size = checked_size(samples, "messages")
    if size > MAX_SCENARIO_BYTES:
        message = (
            f"A scenario has at most {MAX_SCENARIO_BYTES // 1024} KiB, this one {size // 1024 + 1}: leave some out."
        )
        raise ProjectError("scenario_too_large", message, 413, field="/ports")
    others = (flow.scenarios.aggregate(total=Sum("size"))["total"] or 0) - before
    if others + size > MAX_SCENARIO_BYTES_OF_FLOW:
        limit = MAX_SCENARIO_BYTES_OF_FLOW // 1024 // 1024
        message = f"The scenarios of a flow have at most {limit} MiB together: delete one, or leave messages out."
        raise ProjectError("scenarios_too_large", message, 413, field="/ports")
    return size
