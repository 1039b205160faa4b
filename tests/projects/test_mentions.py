"""Who is named in a comment hears of it, as long as they may see the project."""

import uuid

import pytest
from django.contrib.auth.models import User

from projects.actions import do_delete_comment, do_edit_comment, do_start_thread
from projects.actions.mentions import do_read_mentions, do_read_thread
from projects.comments import limits
from projects.comments.inbox import entry, inbox_of, unread_count
from projects.comments.mentions import names_in
from projects.errors import ProjectError
from projects.models import Comment, Flow, Membership, Mention, Role, Team, TeamAccess, TeamMembership

pytestmark = pytest.mark.both_databases


def say(person: User, flow: Flow, text: str) -> Comment:
    return do_start_thread(person, flow, uuid.uuid4(), uuid.uuid4(), text).comments.get()


def named(comment: Comment) -> set[str]:
    return {mention.user.get_username() for mention in comment.mentions.all()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ada", ["ada"]),
        ("Ask @Ada, or (@bob), or @carl.", ["ada", "bob", "carl.", "carl"]),
        ("@ada@example.org knows", ["ada@example.org"]),
        ("**@ada** and @ada", ["ada"]),
        ("mail ada@example.org", []),
        ("`@ada` and ``x ` @bob`` and @carl", ["carl"]),
        ("```\n@ada\n```\n@bob", ["bob"]),
        ("~~~ py\n@ada", []),
        ("@ alone, @", []),
        ("@@ada", []),
    ],
)
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_a_text_of_nothing_but_names_and_ticks_is_read_at_once() -> None:
    assert len(names_in("@a" + " @b.+-" * 1000 + "`" * 500)) <= 100
    names_in("`".join("`" * (n % 90) + "x" for n in range(180))[: limits.MAX_TEXT])


def test_people_of_the_project_are_named_and_nobody_else(
    owner: User, colleague: User, viewer: User, stranger: User, flow: Flow
) -> None:
    of_team = User.objects.create_user("of.team")
    team = Team.objects.create(name="Operations")
    TeamMembership.objects.create(team=team, user=of_team)
    TeamAccess.objects.create(team=team, project=flow.project, role=Role.VIEWER)
    User.objects.filter(pk=viewer.pk).update(is_active=False)
    comment = say(owner, flow, "@Colleague @viewer @stranger @nobody @of.team. And I, @owner")
    assert named(comment) == {"colleague", "of.team"}
    assert unread_count(colleague) == 1
    assert unread_count(owner) == 0


def test_an_edit_names_others(owner: User, colleague: User, viewer: User, flow: Flow) -> None:
    comment = say(owner, flow, "@colleague")
    do_read_mentions(colleague)
    do_edit_comment(owner, comment, "@colleague and @viewer")
    assert named(comment) == {"colleague", "viewer"}
    assert unread_count(colleague) == 0, "named already, and read"
    do_edit_comment(owner, comment, "@viewer alone")
    assert named(comment) == {"viewer"}
    do_delete_comment(owner, comment)
    assert not Mention.objects.exists()


def test_the_inbox_has_the_newest_first_and_remembers_what_was_read(
    owner: User, colleague: User, flow: Flow, other_flow: Flow
) -> None:
    first, second = say(owner, flow, "@colleague one"), say(owner, other_flow, "@colleague two")
    entries = [entry(mention) for mention in inbox_of(colleague)]
    assert [one["excerpt"] for one in entries] == ["@colleague two", "@colleague one"]
    assert entries[0]["url"] == f"{other_flow.get_absolute_url()}?comment={second.thread_id}"
    assert (entries[0]["by"], entries[0]["place"]) == ("owner", "Reports")
    do_read_thread(colleague, first.thread_id)
    assert [one["read"] for one in map(entry, inbox_of(colleague))] == [False, True]
    do_read_mentions(colleague, [entries[0]["id"]])
    assert unread_count(colleague) == 0


def test_nobody_reads_what_is_anothers(owner: User, colleague: User, viewer: User, flow: Flow) -> None:
    mention = say(owner, flow, "@colleague").mentions.get()
    do_read_mentions(viewer, [mention.pk])
    do_read_mentions(viewer)
    assert unread_count(colleague) == 1
    assert not inbox_of(viewer).exists()


def test_who_lost_the_project_no_longer_sees_what_was_said_there(owner: User, colleague: User, flow: Flow) -> None:
    say(owner, flow, "@colleague")
    Membership.objects.filter(user=colleague).delete()
    assert not inbox_of(colleague).exists()
    assert unread_count(colleague) == 0


def test_an_inbox_has_an_end(owner: User, colleague: User, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.actions.comments.KEPT_MENTIONS", 2)
    for text in ("one", "two", "three"):
        say(owner, flow, f"@colleague {text}")
    assert [mention.comment.text for mention in inbox_of(colleague)] == ["@colleague three", "@colleague two"]


def test_one_comment_does_not_call_everybody(owner: User, flow: Flow) -> None:
    names = [f"person{number}" for number in range(limits.MAX_MENTIONS + 1)]
    for name in names:
        Membership.objects.create(project=flow.project, user=User.objects.create_user(name), role=Role.VIEWER)
    with pytest.raises(ProjectError) as refused:
        say(owner, flow, " ".join(f"@{name}" for name in names))
    assert refused.value.code == "too_many_mentions"
    assert not Comment.objects.exists()
