"""What those who look may do now, asked of the database for all of them together."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from editor.bearer import KEY as TOKEN
from editor.live.closing import NO_SUCH_FLOW, NOT_SIGNED_IN, REFUSED
from projects.models import Flow, Project, Role, WidgetPage
from projects.permissions import Verb, roles_in, verbs_with
from projects.share_links import visitors_by
from projects.tokens import people_of_tokens
from projects.visitor import Visitor

LINK = "link:"
"""Before a share link's id, in the place of the key of a session."""
NOBODY = 0
"""Stands for the user id of whoever came by a share link."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks at what: `key` is that of a session, or the id of a token or a share link behind its mark; empty where
    there is none to end. `opened` is a flow or a page."""

    user_id: int
    key: str
    opened: uuid.UUID


def rights_of(watchers: Collection[Watcher]) -> dict[Watcher, frozenset[Verb] | int]:
    """What each of them may do there, or the code to close with. A few queries, however many they are."""
    ids = {watcher.opened for watcher in watchers}
    things: dict[uuid.UUID, Flow | WidgetPage] = {**Flow.objects.in_bulk(ids)}
    if missing := ids - things.keys():
        things |= WidgetPage.objects.in_bulk(missing)
    people = _people(watchers)
    users = {person.pk for person in people.values() if isinstance(person, User)}
    projects = {thing.project_id for thing in things.values()}
    roles = roles_in(users, projects)
    left_to_owners = set(Project.objects.filter(pk__in=projects, code_for_owners=True).values_list("pk", flat=True))
    found: dict[Watcher, frozenset[Verb] | int] = {}
    for watcher in watchers:
        person, thing = people.get(watcher), things.get(watcher.opened)
        if person is None:
            found[watcher] = NOT_SIGNED_IN if not watcher.key.startswith(LINK) else REFUSED
        elif thing is None:
            found[watcher] = NO_SUCH_FLOW
        elif isinstance(person, Visitor):
            found[watcher] = frozenset({"view"}) if person.sees(thing) else REFUSED
        else:
            role = roles.get((person.pk, thing.project_id))
            verbs = verbs_with(person, role, thing.project_id)
            if role != Role.OWNER and thing.project_id in left_to_owners:
                verbs -= {"code"}
            found[watcher] = verbs if "view" in verbs else REFUSED
    return found


def _people(watchers: Collection[Watcher]) -> dict[Watcher, User | Visitor]:
    """Who they are now; those are left out whose session, token or link has ended."""
    keys = {watcher.key for watcher in watchers if watcher.key}
    tokens, links = _after(keys, TOKEN), _after(keys, LINK)
    by_token = people_of_tokens(tokens.values()) if tokens else {}
    by_link = visitors_by(links.values()) if links else {}
    sessions = _living_sessions(keys - tokens.keys() - links.keys())
    users = User.objects.in_bulk({watcher.user_id for watcher in watchers if watcher.user_id != NOBODY})
    found: dict[Watcher, User | Visitor | None] = {}
    for watcher in watchers:
        if watcher.key in tokens:
            found[watcher] = by_token.get(tokens[watcher.key])
        elif watcher.key in links:
            found[watcher] = by_link.get(links[watcher.key])
        elif not watcher.key or watcher.key in sessions:
            found[watcher] = users.get(watcher.user_id)
    return {
        watcher: person
        for watcher, person in found.items()
        if person is not None and (isinstance(person, Visitor) or person.is_active)
    }


def _after(keys: set[str], mark: str) -> dict[str, uuid.UUID]:
    return {key: uuid.UUID(key.removeprefix(mark)) for key in keys if key.startswith(mark)}


def _living_sessions(keys: set[str]) -> set[str]:
    living = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(living.values_list("session_key", flat=True))
