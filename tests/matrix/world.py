"""A project with one of everything, and one person of each role."""

import re
import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User

from projects import actions
from projects.actions.tokens import do_create_token
from projects.models import (
    CommentThread,
    Flow,
    Membership,
    Project,
    Role,
    Scenario,
    ShareLink,
    Team,
    TeamAccess,
    WidgetPage,
)
from tests.matrix.people import SCOPES
from tests.projects.world import CATALOGUE, add, client_op, edit, wire

NODE, OTHER_NODE = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


@dataclass(slots=True)
class World:
    """`people` by role, with a stranger. `ids` are what stands for the arguments of addresses, by their names."""

    people: dict[str, User]
    project: Project
    flow: Flow
    page: WidgetPage
    edge: uuid.UUID
    scenario: Scenario
    thread: CommentThread
    team: Team
    link: ShareLink
    ids: dict[str, str]
    tokens: dict[str, str]
    """The text of each of the owner's tokens, by who comes with it."""
    shares: dict[str, str]
    """The same of share links: the flow's and the page's."""

    def address(self, path: str, **others: str) -> str:
        """The path with ids of the world, or others, in the place of its arguments, `<uuid:flow>` or `{uuid:flow}`."""

        def fill(match: re.Match[str]) -> str:
            name, ids = match.group(1), self.ids | others
            assert name in ids, f"tests/matrix/world.py has nothing for the argument {name} of {path}: add it"
            return ids[name]

        return re.sub(r"[<{](?:\w+:)?(\w+)[>}]", fill, path)


def make_world() -> World:
    """Committed or not as the test's database is."""
    owner = User.objects.create_user("owner")
    project = actions.do_create_project(owner, "Plant")
    people = {"owner": owner, "stranger": User.objects.create_user("stranger")}
    for role in (Role.EDITOR, Role.OPERATOR, Role.VIEWER):
        people[role.value] = User.objects.create_user(role.value)
        Membership.objects.create(user=people[role.value], project=project, role=role)
    people["guest"] = User.objects.create_user("guest")
    Membership.objects.create(user=people["guest"], project=project, role=Role.VIEWER)
    actions.do_create_project(people["stranger"], "Elsewhere")
    team = _team(people, project)
    flow = actions.do_create_flow(owner, project, "Line 4")
    edge, page_id, widget_id = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    edit(owner, flow, add(NODE, settings={"greeting": "hush"}), add(OTHER_NODE), wire(str(edge), NODE, OTHER_NODE))
    # What a visitor of the flow must not hear of: another flow, and that a node is shown there too.
    reports = actions.do_create_flow(owner, project, "Reports")
    edit(owner, flow, {"op": "share_node", "id": NODE, "flow": str(reports.pk), "x": 0, "y": 0})
    widget = {"op": "add_widget", "id": str(widget_id), "page": str(page_id), "node": NODE, "x": 0, "y": 0, "w": 2}
    hidden = {"op": "add_page", "id": str(uuid.uuid4()), "name": "Hidden"}
    pages = [{"op": "add_page", "id": str(page_id), "name": "Floor"}, hidden, {**widget, "h": 2}]
    actions.do_change_pages(owner, project, pages, client_op())
    scenario = actions.do_create_scenario(owner, flow, uuid.uuid4(), "Rush hour", [], CATALOGUE)
    thread = actions.do_start_thread(owner, flow, uuid.uuid4(), comment := uuid.uuid4(), "Why?", node=NODE)
    page = WidgetPage.objects.get(pk=page_id)
    link, share = actions.do_create_share_link(owner, flow, 7)
    shares = {"visitor of the flow": share, "visitor of the page": actions.do_create_share_link(owner, page, 7)[1]}
    ids = {
        "a": f"r{flow.rev}",
        "b": "now",
        "ref": "now",
        "comment": comment,
        "edge": edge,
        "field": "count",
        "flow": flow.pk,
        "flow_id": flow.pk,
        "invitation_id": uuid.uuid4(),
        "link_id": link.pk,
        "node": NODE,
        "page": page_id,
        "page_id": page_id,
        "person": people["editor"].pk,
        "person_id": "1",
        "provider_id": "oidc",
        "project": project.pk,
        "project_id": project.pk,
        "rest": "nothing-here",
        "scenario": scenario.pk,
        "secret": uuid.uuid4(),
        "share": share,
        "signal": "0" * 32,
        "team_id": team.pk,
        "thread": thread.pk,
        "folder": "howto",
        "name": "no-such-template",
        "token": "no-such-token",
        "token_id": uuid.uuid4(),
        "trace": "0" * 32,
    }
    flow.refresh_from_db()
    project.refresh_from_db()
    texts = {name: str(value) for name, value in ids.items()}
    return World(people, project, flow, page, edge, scenario, thread, team, link, texts, _tokens(owner), shares)


def _team(people: dict[str, User], project: Project) -> Team:
    """Its members have no other role in the project than the team's, which is that of a viewer."""
    for name in ("team manager", "team member", "crew"):
        people[name] = User.objects.create_user(name)
    team = actions.do_create_team(people["team manager"], "Night shift")
    for name in ("team member", "crew"):
        actions.do_add_to_team(people["team manager"], team, people[name])
    TeamAccess.objects.create(team=team, project=project, role=Role.VIEWER)
    return team


def _tokens(owner: User) -> dict[str, str]:
    elsewhere = actions.do_create_project(owner, "Another plant")
    made = {f"token to {scope}": do_create_token(owner, scope, {scope}, 7) for scope in SCOPES}
    made["token for elsewhere"] = do_create_token(owner, "elsewhere", SCOPES, 7, elsewhere)
    return {who: text for who, (_, text) in made.items()}
