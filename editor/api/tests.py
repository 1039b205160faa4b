"""Tests of a flow: what is given at a port and what is expected at others, kept beside the flow and run on demand."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query

from editor.api.auth import person_of
from editor.api.described import Router
from editor.api.errors import ERRORS, ErrorOut, json_response, refuse
from editor.api.matching import if_match, require_match, tagged
from editor.api.scenario_schemas import DeletedOut
from editor.api.scenarios import catalogue_for_edit
from editor.api.test_schemas import RunTestsIn, TestChangeIn, TestIn, TestOut, TestsOut
from editor.database import in_database
from editor.flow_tests import SECONDS
from editor.past import in_past
from editor.process import live_side
from projects.actions import do_change_flow_test, do_create_flow_test, do_delete_flow_test, do_stop_flow_tests
from projects.actions.flows import locked_flow
from projects.catalogue import Catalogue
from projects.models import Flow, FlowTest, FlowTestRun
from projects.permissions import require, visible_flow
from projects.testing.matters import stale_tests
from projects.testing.request import TestRequest, request_of

router = Router(tags=["tests"])


@router.get("/flows/{uuid:flow}/tests", response={200: TestsOut, **ERRORS}, summary="The tests of a flow")
async def read_tests(request: HttpRequest, flow: uuid.UUID, after: int = Query(0, ge=0, le=2**63 - 1)) -> HttpResponse:
    return json_response(await in_past(_listed, person_of(request), flow, after=after))


@router.post("/flows/{uuid:flow}/tests", response={201: TestOut, **ERRORS}, summary="Keep a new test")
async def create_test(request: HttpRequest, flow: uuid.UUID, body: TestIn) -> HttpResponse:
    person = person_of(request)
    catalogue = await catalogue_for_edit(person, flow)
    return tagged(await in_database(_create, person, flow, body, catalogue), 201)


@router.get(
    "/flows/{uuid:flow}/tests/{uuid:test}",
    response={200: TestOut, **ERRORS},
    summary="A test with all that became of it last",
)
async def read_test(request: HttpRequest, flow: uuid.UUID, test: uuid.UUID) -> HttpResponse:
    return tagged(await in_past(_whole, person_of(request), flow, test))


@router.put(
    "/flows/{uuid:flow}/tests/{uuid:test}",
    response={200: TestOut, 412: ErrorOut, **ERRORS},
    summary="Rename a test or say anew what it gives and expects",
)
async def change_test(request: HttpRequest, flow: uuid.UUID, test: uuid.UUID, body: TestChangeIn) -> HttpResponse:
    person = person_of(request)
    catalogue = await catalogue_for_edit(person, flow)
    return tagged(await in_database(_change, person, flow, test, body, catalogue, if_match(request)))


@router.delete("/flows/{uuid:flow}/tests/{uuid:test}", response={200: DeletedOut, **ERRORS}, summary="Delete a test")
async def delete_test(request: HttpRequest, flow: uuid.UUID, test: uuid.UUID) -> HttpResponse:
    await in_database(_delete, person_of(request), flow, test)
    return json_response({"id": str(test)})


@router.post("/flows/{uuid:flow}/tests/run", response={200: TestsOut, **ERRORS}, summary="Run tests of a flow")
async def run_tests(request: HttpRequest, flow: uuid.UUID, body: RunTestsIn) -> HttpResponse:
    person = person_of(request)
    found, asked = await in_past(_request, person, flow, body.tests)
    if asked.revs:
        await live_side().tests.run(person, found, asked)
    return json_response(await in_past(_listed, person, flow, only=set(asked.revs)))


@router.post("/flows/{uuid:flow}/tests/stop", response={200: TestsOut, **ERRORS}, summary="Stop the tests that are run")
async def stop_tests(request: HttpRequest, flow: uuid.UUID) -> HttpResponse:
    person = person_of(request)
    run = await in_database(_stop, person, flow)
    if run is not None:
        live_side().tests.stop(run)
    return json_response(await in_past(_listed, person, flow, only=set()))


def _listed(person: User, flow_id: uuid.UUID, *, after: int = 0, only: set[str] | None = None) -> dict[str, Any]:
    """As `TestsOut`; after a revision of the tests, or only some."""
    flow = visible_flow(person, flow_id)
    run = FlowTestRun.objects.filter(flow=flow).select_related("by", "stopped_by").first()
    tests = flow.tests.order_by("created", "pk")
    # Pages ask for little and often while tests are run.
    wanted = tests.filter(changed__gt=after) if after else tests
    wanted = wanted if only is None else wanted.filter(pk__in=only)
    return {
        "flow_rev": flow.rev,
        "rev": flow.tests_rev,
        "ids": [str(pk) for pk in tests.values_list("pk", flat=True)],
        "stale": stale_tests(flow),
        "run": run.as_row() if run is not None else None,
        "tests": [test.as_row() for test in wanted.defer("result").select_related("created_by")],
    }


def _whole(person: User, flow_id: uuid.UUID, test_id: uuid.UUID) -> dict[str, Any]:
    test = visible_flow(person, flow_id).tests.select_related("created_by").filter(pk=test_id).first()
    if test is None:
        raise refuse(404, "not_found", "This test is not there any more.")
    return test.as_row(whole=True)


def _create(person: User, flow_id: uuid.UUID, body: TestIn, catalogue: Catalogue) -> dict[str, Any]:
    flow = visible_flow(person, flow_id)
    return do_create_flow_test(person, flow, body.id, body.name, body.body, catalogue).as_row()


@transaction.atomic
def _change(
    person: User, flow_id: uuid.UUID, test: uuid.UUID, body: TestChangeIn, catalogue: Catalogue, seen: str | None
) -> dict[str, Any]:
    _, flow = locked_flow(person, visible_flow(person, flow_id))
    now = flow.tests.select_related("created_by").filter(pk=test).first()
    if now is not None:
        require_match(seen, now.as_row())
    return do_change_flow_test(person, flow, test, body.rev, catalogue, name=body.name, body=body.body).as_row()


def _delete(person: User, flow_id: uuid.UUID, test: uuid.UUID) -> None:
    do_delete_flow_test(person, visible_flow(person, flow_id), test)


def _stop(person: User, flow_id: uuid.UUID) -> uuid.UUID | None:
    return do_stop_flow_tests(person, visible_flow(person, flow_id))


def _request(person: User, flow_id: uuid.UUID, wanted: list[uuid.UUID] | None) -> tuple[Flow, TestRequest]:
    """What is to be run. Whoever may press what stands on nodes may run tests, which press nothing."""
    flow = visible_flow(person, flow_id)
    require(person, "control", flow)
    tests = FlowTest.objects.filter(flow=flow).order_by("created", "pk")
    return flow, request_of(flow, tests if wanted is None else tests.filter(pk__in=wanted), SECONDS)
