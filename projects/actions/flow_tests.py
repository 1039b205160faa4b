"""Keep, change, delete and run tests of a flow (ADR 111)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Sum

from projects.actions.flows import locked_flow
from projects.actions.told import tell_tests
from projects.audit import audit
from projects.catalogue import Catalogue
from projects.errors import ProjectError
from projects.models import Flow, FlowTest
from projects.operations.limits import MAX_TEST_BYTES_OF_FLOW, MAX_TESTS
from projects.operations.shape import checked_size
from projects.permissions import Person
from projects.testing.bodies import Body, checked_body
from projects.testing.files import Unnamed, test_from_file
from projects.titles import checked_title
from weirflow.flowtest.cases import NotATest, read_test


@transaction.atomic
def do_create_flow_test(
    person: Person, flow: Flow, test_id: uuid.UUID, name: str, body: Body, catalogue: Catalogue
) -> FlowTest:
    """A new test under an id that the client made. A repeat with the same id by the same person returns the first.

    Raises ProjectError: a name that is taken, limits, a body that says nothing that can be run.
    """
    project, fresh = locked_flow(person, flow)
    first = FlowTest.objects.filter(pk=test_id).select_related("created_by").first()
    if first is not None:
        if first.flow_id != fresh.pk or first.created_by_id != person.pk:
            raise ProjectError("id_taken", "This id was used for another test: make a new one.", 409, field="/id")
        return first
    title = _free_name(fresh, name)
    if fresh.tests.count() >= MAX_TESTS:
        raise ProjectError("too_many_tests", f"The flow has {MAX_TESTS} tests, which is the limit: delete one first.")
    clean = checked_body(fresh, body, catalogue)
    size = _checked_total(fresh, clean, 0)
    author = cast("User", person)  # nobody else may edit
    test = FlowTest.objects.create(
        id=test_id, project=project, flow=fresh, name=title, body=clean, size=size, changed=next_tests_rev(fresh),
        created_by=author, changed_by=author,
    )  # fmt: skip
    audit(person, "flow_test.create", test)
    return test


@transaction.atomic
def do_change_flow_test(
    person: Person,
    flow: Flow,
    test_id: uuid.UUID,
    rev: int,
    catalogue: Catalogue,
    *,
    name: str | None = None,
    body: Body | None = None,
) -> FlowTest:
    """Renames it, says anew what it gives and expects, or both. `rev` is the revision that the person was looking at:
    when somebody has changed it since, nothing happens (409, naming who)."""
    fresh, test = _locked_test(person, flow, test_id)
    if test.rev != rev:
        by = test.changed_by.get_username() if test.changed_by else "a former member"
        message = f"{by} has changed this test since you opened it: look at it again, then repeat your edit."
        raise ProjectError("test_changed", message, 409, field="/rev", by=by)
    was = test.name
    if name is not None and name != test.name:
        test.name = _free_name(fresh, name, besides=test)
    if body is not None:
        test.body = checked_body(fresh, body, catalogue)
        test.size = _checked_total(fresh, test.body, test.size)
    elif test.ran_rev == test.rev:
        # By another name it is the same test.
        test.ran_rev += 1
    test.rev += 1
    test.changed_by = cast("User", person)
    test.changed = next_tests_rev(fresh)
    test.save(update_fields=["name", "body", "size", "rev", "ran_rev", "changed_by", "changed"])
    audit(
        person, "flow_test.change", test, before={"name": was}, after={"name": test.name, "replaced": body is not None}
    )
    return test


@transaction.atomic
def do_delete_flow_test(person: Person, flow: Flow, test_id: uuid.UUID) -> None:
    """Deletes it."""
    fresh, test = _locked_test(person, flow, test_id)
    audit(person, "flow_test.delete", test)
    test.delete()
    next_tests_rev(fresh)


def add_tests(
    person: Person, flow: Flow, tests: Iterable[Mapping[str, Any]], ids: Mapping[str, str], catalogue: Catalogue
) -> None:
    """Those of a file, for an import; `ids` are the nodes', by their names there. Raises ProjectError."""
    listed = list(tests)
    taken = set(flow.tests.values_list("name", flat=True)) if listed else set()
    for test in listed:
        try:
            read_test(dict(test))
            name, body = test_from_file(test, ids)
        except NotATest as error:
            message = f"A test of the file cannot be understood: {error}."
            raise ProjectError("test_invalid", message) from None
        except Unnamed as error:
            message = f"The test {test['name']} speaks of a node {error} that is not in the flow: correct the file."
            raise ProjectError("test_invalid", message) from None
        title = next(one for one in numbered(name) if one not in taken)
        taken.add(title)
        do_create_flow_test(person, flow, uuid.uuid4(), title, body, catalogue)


def next_tests_rev(flow: Flow) -> int:
    """Raises the revision of the flow's tests, with the project locked, and tells of it after the commit."""
    flow.tests_rev += 1
    flow.save(update_fields=["tests_rev"])
    tell_tests(flow.pk)
    return flow.tests_rev


def numbered(name: str) -> Iterator[str]:
    """The name, and others like it."""
    yield name
    yield from (f"{name[:90]} ({number})" for number in range(2, 1_000))


def _locked_test(person: Person, flow: Flow, test_id: uuid.UUID) -> tuple[Flow, FlowTest]:
    _, fresh = locked_flow(person, flow)
    found = fresh.tests.select_related("created_by", "changed_by").filter(pk=test_id).first()
    if found is None:
        raise ProjectError("not_found", "This test is not there any more.", 404)
    return fresh, found


def _free_name(flow: Flow, name: str, besides: FlowTest | None = None) -> str:
    title = checked_title(name)
    others = flow.tests.filter(name=title)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise ProjectError(
            "name_taken", f"The flow has a test {title} already: give this one another name.", field="/name"
        )
    return title


def _checked_total(flow: Flow, body: Body, before: int) -> int:
    """Bytes of the body. Refuses what is too much for the flow with all it has."""
    size = checked_size(body, "a test")
    others = (flow.tests.aggregate(total=Sum("size"))["total"] or 0) - before
    if others + size > MAX_TEST_BYTES_OF_FLOW:
        limit = MAX_TEST_BYTES_OF_FLOW // 1024 // 1024
        message = f"The tests of a flow have at most {limit} MiB together: delete one, or shorten their messages."
        raise ProjectError("tests_too_large", message, 413, field="/body")
    return size
