"""The bodies and answers about tests of flows, as they stand in the API's OpenAPI document."""

import uuid
from typing import Annotated, Any

from ninja import Field

from editor.api.described import Schema
from editor.api.schemas import Rev


class TestIn(Schema):
    """A new test. ``id`` is made by the client; the same once more by the same person keeps no second one. ``body`` is
    a test as in a flow file (docs/flow-tests.md), without its name and with ids for the names of nodes."""

    __test__ = False

    id: uuid.UUID
    name: str
    body: dict[str, Any]


class TestChangeIn(Schema):
    """``rev`` is that of the row it was made on; what is left out stays."""

    __test__ = False

    rev: Rev
    name: str | None = None
    body: dict[str, Any] | None = None


class TestOut(Schema):
    """A test without its secrets, and what became of it last (``result``, null before): that of the revisions
    ``ran_rev`` of the test and ``ran_flow_rev`` of the flow. A result of more than 4 KiB comes ``cut`` in lists, in
    answers of a run and of a change: without its steps, findings and notes, and without its wires where they are too
    many. The test asked for by itself has all of it, 256 KiB at most."""

    __test__ = False

    id: uuid.UUID
    name: str
    body: dict[str, Any]
    rev: int
    created_by: str
    result: dict[str, Any] | None
    ran_at: str | None
    ran_flow_rev: int
    ran_rev: int


class TestsRunOut(Schema):
    """A run of tests, the last of a flow: of ``tests``, ``done`` have ended and ``test`` is being run, or was when it
    broke off. ``ended`` is null while it goes on; ``problem`` says why not all were run."""

    __test__ = False

    id: uuid.UUID
    by: str
    began: str
    tests: list[uuid.UUID]
    done: int
    test: uuid.UUID | None
    ended: str | None
    problem: dict[str, Any] | None
    stopped_by: str | None


class TestsOut(Schema):
    """In the order in which they were made: all, those that changed ``after`` a revision of the tests, or those that
    were run. ``flow_rev`` is the flow's revision now, ``rev`` that of its tests, ``ids`` are those that there are;
    ``stale`` are those among them that were not edited since, whose result is of a flow, a scenario or components as
    they are no more, where its messages can come to. At most 200 tests, whose bodies have 4 MiB together and whose
    results 4 KiB each."""

    __test__ = False

    flow_rev: int
    rev: int
    ids: list[uuid.UUID]
    stale: list[uuid.UUID]
    run: TestsRunOut | None
    tests: list[TestOut]


class RunTestsIn(Schema):
    """Which tests to run; null is all."""

    tests: Annotated[list[uuid.UUID], Field(max_length=200)] | None = None
