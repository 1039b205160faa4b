"""Every action (`do_*` of projects/actions), and what it asks of the person it is given.

An attempt need not succeed once it is allowed; what it did is rolled back.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from projects import actions
from projects.actions.retention import do_set_retention
from projects.models import Comment, Flow, FlowTest, FlowTestRun, ProjectSecret, Role, TeamRole, Version
from projects.permissions import Person
from projects.testing.request import TestRequest
from tests.matrix.people import Need
from tests.matrix.world import NODE, World
from tests.projects.world import CATALOGUE
from weirflow.flowfile import FileFlow, FileNode, FileProject

Attempt = Callable[[Person, World], Any]


@dataclass(frozen=True, slots=True)
class Action:
    need: Need
    attempt: Attempt


def _own_comment(person: Person, world: World) -> Comment:
    """A comment of that person's, as nobody else may change it; of the owner for who can have none."""
    author = person if isinstance(person, User) else world.people["owner"]
    return Comment.objects.create(thread=world.thread, author=author, text="Why?", created=timezone.now())


def _invitation(world: World) -> uuid.UUID:
    """One of the owner's, still open."""
    return actions.do_invite(world.people["owner"], world.project, Role.VIEWER)[0].pk


def _own_version(person: Person, world: World) -> str:
    """A version of that person's, which an editor may delete; of the owner for who can have none."""
    version = actions.do_create_version(world.people["owner"], world.flow, uuid.uuid4(), f"{uuid.uuid4()}")
    if isinstance(person, User):
        Version.objects.filter(pk=version.pk).update(author=person)
    return str(version.pk)


def _secret(world: World) -> ProjectSecret:
    """The owner's, of any name."""
    return actions.do_create_secret(world.people["owner"], world.project, f"s{uuid.uuid4().hex}", "url")


def _test(world: World) -> FlowTest:
    """The owner's, of any name."""
    return actions.do_create_flow_test(
        world.people["owner"], world.flow, uuid.uuid4(), f"t{uuid.uuid4().hex}", TEST, CATALOGUE
    )


def _tested(world: World) -> Flow:
    """The flow, of which the owner runs tests."""
    FlowTestRun.objects.filter(flow=world.flow).delete()
    actions.do_begin_flow_tests(world.people["owner"], world.flow, uuid.uuid4(), [], 60)
    return world.flow


FILE = FileFlow("Mine", nodes={"anything": FileNode("common-v1", "anything")})
MOVED = {"op": "set_node", "id": NODE, "fields": {"x": 24}}
TEST = {"given": {"at": f"{NODE}.in", "message": 1}, "expect": []}
PAGE_ADDED = {"op": "add_page", "id": str(uuid.uuid4()), "name": "Hall"}

ACTIONS: dict[str, Action] = {
    "do_apply_changes": Action(
        "edit", lambda p, w: actions.do_apply_changes(p, w.flow, w.flow.rev, [MOVED], "matrix", CATALOGUE)
    ),
    "do_apply_file": Action("edit", lambda p, w: actions.do_apply_file(p, w.flow, FILE, "matrix", CATALOGUE)),
    "do_undo": Action("edit", lambda p, w: actions.do_undo(p, w.flow, w.flow.rev, "matrix")),
    "do_create_flow": Action("edit", lambda p, w: actions.do_create_flow(p, w.project, "Mine")),
    "do_rename_flow": Action("edit", lambda p, w: actions.do_rename_flow(p, w.flow, "Mine")),
    "do_delete_flow": Action("edit", lambda p, w: actions.do_delete_flow(p, w.flow)),
    "do_create_project": Action("signed_in", lambda p, w: actions.do_create_project(p, "Mine")),
    "do_rename_project": Action("manage", lambda p, w: actions.do_rename_project(p, w.project, "Mine")),
    "do_delete_project": Action("manage", lambda p, w: actions.do_delete_project(p, w.project)),
    "do_change_pages": Action("edit", lambda p, w: actions.do_change_pages(p, w.project, [PAGE_ADDED], "matrix")),
    "do_undo_pages": Action("edit", lambda p, w: actions.do_undo_pages(p, w.project, w.project.rev, "matrix")),
    "do_create_scenario": Action(
        "edit", lambda p, w: actions.do_create_scenario(p, w.flow, uuid.uuid4(), "Mine", [], CATALOGUE)
    ),
    "do_change_scenario": Action(
        "edit",
        lambda p, w: actions.do_change_scenario(p, w.flow, w.scenario.pk, w.scenario.rev, CATALOGUE, name="Mine"),
    ),
    "do_delete_scenario": Action("edit", lambda p, w: actions.do_delete_scenario(p, w.flow, w.scenario.pk)),
    "do_import_flow": Action("edit", lambda p, w: actions.do_import_flow(p, w.project, FILE, CATALOGUE)),
    "do_import_into_flow": Action(
        "edit", lambda p, w: actions.do_import_into_flow(p, w.flow, FILE, "matrix", CATALOGUE)
    ),
    "do_import_flows": Action(
        "edit", lambda p, w: actions.do_import_flows(p, w.project, FileProject("Mine", "", {"mine": FILE}), CATALOGUE)
    ),
    "do_import_project": Action("signed_in", lambda p, w: actions.do_import_project(p, FileProject("Mine"), CATALOGUE)),
    "do_create_flow_test": Action(
        "edit", lambda p, w: actions.do_create_flow_test(p, w.flow, uuid.uuid4(), "Mine", TEST, CATALOGUE)
    ),
    "do_change_flow_test": Action(
        "edit", lambda p, w: actions.do_change_flow_test(p, w.flow, _test(w).pk, 1, CATALOGUE, name="Yours")
    ),
    "do_delete_flow_test": Action("edit", lambda p, w: actions.do_delete_flow_test(p, w.flow, _test(w).pk)),
    "do_begin_flow_tests": Action("control", lambda p, w: actions.do_begin_flow_tests(p, w.flow, uuid.uuid4(), [], 0)),
    "do_note_flow_tests": Action(
        "control", lambda p, w: actions.do_note_flow_tests(p, w.flow, uuid.uuid4(), {}, TestRequest({}, 1), seconds=1)
    ),
    "do_end_flow_tests": Action("control", lambda p, w: actions.do_end_flow_tests(p, w.flow, uuid.uuid4(), {}, None)),
    "do_stop_flow_tests": Action("control", lambda p, w: actions.do_stop_flow_tests(p, _tested(w))),
    "do_create_secret": Action("edit", lambda p, w: actions.do_create_secret(p, w.project, "slack", "url")),
    "do_replace_secret": Action("edit", lambda p, w: actions.do_replace_secret(p, w.project, _secret(w).pk)),
    "do_give_up_secret": Action("edit", lambda p, w: actions.do_give_up_secret(p, _secret(w))),
    "do_delete_secret": Action("edit", lambda p, w: actions.do_delete_secret(p, w.project, _secret(w).pk)),
    "do_create_version": Action("edit", lambda p, w: actions.do_create_version(p, w.flow, uuid.uuid4(), "Mine")),
    "do_delete_version": Action("edit", lambda p, w: actions.do_delete_version(p, w.flow, _own_version(p, w))),
    "do_restore": Action("edit", lambda p, w: actions.do_restore(p, w.flow, "now", "matrix")),
    "do_start_thread": Action(
        "control", lambda p, w: actions.do_start_thread(p, w.flow, uuid.uuid4(), uuid.uuid4(), "Why?")
    ),
    "do_reply": Action("control", lambda p, w: actions.do_reply(p, w.thread, uuid.uuid4(), "Because.")),
    "do_resolve_thread": Action("control", lambda p, w: actions.do_resolve_thread(p, w.thread, True)),
    "do_edit_comment": Action("control", lambda p, w: actions.do_edit_comment(p, _own_comment(p, w), "Better.")),
    "do_delete_comment": Action("control", lambda p, w: actions.do_delete_comment(p, _own_comment(p, w))),
}

ACTIONS |= {
    "do_invite": Action("manage", lambda p, w: actions.do_invite(p, w.project, Role.VIEWER)),
    "do_revoke_invitation": Action("manage", lambda p, w: actions.do_revoke_invitation(p, _invitation(w))),
    "do_add_member": Action(
        "manage", lambda p, w: actions.do_add_member(p, w.project, w.people["stranger"], Role.VIEWER)
    ),
    "do_set_role": Action("manage", lambda p, w: actions.do_set_role(p, w.project, w.people["viewer"], Role.EDITOR)),
    "do_remove_member": Action("manage", lambda p, w: actions.do_remove_member(p, w.project, w.people["guest"])),
    "do_share_with_team": Action("manage", lambda p, w: actions.do_share_with_team(p, w.project, w.team, Role.EDITOR)),
    "do_unshare_with_team": Action("manage", lambda p, w: actions.do_unshare_with_team(p, w.project, w.team)),
    "do_create_share_link": Action("manage", lambda p, w: actions.do_create_share_link(p, w.flow, 7)),
    "do_revoke_share_link": Action("manage", lambda p, w: actions.do_revoke_share_link(p, w.project, w.link.pk)),
    "do_set_code_right": Action("manage", lambda p, w: actions.do_set_code_right(p, w.project, owners_only=True)),
    "do_set_outbound": Action("manage", lambda p, w: actions.do_set_outbound(p, w.project, ["db.corp"], only=False)),
    "do_set_retention": Action("manage", lambda p, w: do_set_retention(p, w.project, 90)),
    "do_create_team": Action("signed_in", lambda p, w: actions.do_create_team(p, "Mine")),
}

OF_TEAMS: dict[str, Action] = {
    "do_rename_team": Action("manage", lambda p, w: actions.do_rename_team(p, w.team, "Mine")),
    "do_delete_team": Action("manage", lambda p, w: actions.do_delete_team(p, w.team)),
    "do_add_to_team": Action("manage", lambda p, w: actions.do_add_to_team(p, w.team, w.people["stranger"])),
    "do_set_team_role": Action(
        "manage", lambda p, w: actions.do_set_team_role(p, w.team, w.people["team member"], TeamRole.MANAGER)
    ),
    "do_remove_from_team": Action("manage", lambda p, w: actions.do_remove_from_team(p, w.team, w.people["crew"])),
}
"""Asked of the world's team, where nobody is anything by their role in the project."""

NOT_ASKED: dict[str, str] = {
    "do_set_address": "a person's own; the page asks again who is there, or the address has been proved",
    "do_close_account": "the owner of the installation alone, who is nobody by a role",
    "do_give_owner": "the owner of the installation alone, who is nobody by a role",
    "do_reopen_account": "the owner of the installation alone, who is nobody by a role",
    "do_create_account": "asked by whoever lets somebody in",
    "do_accept_invitation": "who holds the link may; who sent it is asked about again",
    "do_join_with_new_account": "who holds the link may; who sent it is asked about again",
    "do_disconnect": "a person's own; the page asks again who is there",
    "do_set_password": "the page has asked for the old one, the mailed link has proved the address",
    "do_end_sessions": "a person ends their own sessions, and finds no others",
    "do_add_factor": "a person's own; the page asks again who is there",
    "do_renew_recovery_codes": "a person's own; the page asks again who is there",
    "do_remove_factor": "a person's own; the page asks again who is there",
    "do_create_token": "a token is the person's own; what it lets its bearer do is asked when it is used",
    "do_revoke_token": "a person revokes their own tokens, and finds no others",
    "do_create_signin_link": "commands of the machine's own terminal make links",
    "do_spend_signin_link": "the link says who it is for",
    "do_store_heard": "no person's doing: the editor stores what modules announce",
    "do_ensure_owner": "the start of the product makes its first person",
    "do_read_mentions": "an inbox is the person's own; what stands in it is asked for each time it is shown",
    "do_read_thread": "the same, for what names the person in a thread that has been found for them",
    "do_note_press": "a press has been allowed before it is noted, by the flow or by the page it came from",
}
"""Actions that are given nobody to ask about, and why."""
