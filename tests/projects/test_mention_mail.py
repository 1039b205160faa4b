"""Mail to who is named: made when it is sent, and not at all where it is no news any more."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail

from projects.actions import do_delete_comment, do_edit_comment, do_start_thread
from projects.actions.mentions import do_read_mentions
from projects.models import CommentThread, Flow, Membership
from projects.tasks import mail_mention

ORIGIN = "https://flows.example.org/"
Sent = list[tuple[str, ...]]


@pytest.fixture
def handed_over(settings: Any, monkeypatch: pytest.MonkeyPatch, colleague: User) -> Sent:
    """What the worker was asked to do, with a mail server set and an address of the colleague."""
    settings.SENDS_MAIL = True
    User.objects.filter(pk=colleague.pk).update(email="colleague@example.org")
    sent: Sent = []
    monkeypatch.setattr("projects.actions.comments.in_background", lambda *task: sent.append(task))
    return sent


def say(owner: User, flow: Flow, callbacks: Any, text: str = "@colleague, look\nat <b>this</b>") -> CommentThread:
    with callbacks(execute=True):
        return do_start_thread(owner, flow, uuid.uuid4(), uuid.uuid4(), text, origin=ORIGIN)


def deliver(handed_over: Sent) -> list[Any]:
    for task, mention, origin in handed_over:
        assert task == "mail_mention"
        mail_mention(mention, origin)
    return mail.outbox


def test_who_is_named_gets_a_mail_with_the_way_there(
    owner: User, flow: Flow, handed_over: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    thread = say(owner, flow, django_capture_on_commit_callbacks)
    assert "look" not in str(handed_over), "what was said stands in no queue"
    [sent] = deliver(handed_over)
    assert sent.to == ["colleague@example.org"]
    assert sent.subject == "owner named you in Visit counter"
    assert "@colleague, look at <b>this</b>" in sent.body
    assert f"https://flows.example.org{flow.get_absolute_url()}?comment={thread.pk}" in sent.body
    assert sent.content_subtype == "plain"


def test_a_name_cannot_write_headers(
    owner: User, flow: Flow, handed_over: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    Flow.objects.filter(pk=flow.pk).update(name="a\nBcc: all@example.org")
    say(owner, flow, django_capture_on_commit_callbacks)
    [sent] = deliver(handed_over)
    assert "\n" not in sent.subject
    assert "Bcc" not in sent.message()


@pytest.mark.parametrize("meanwhile", ["read", "lost", "taken back", "inactive", "unnamed"])
def test_no_mail_goes_out_for_what_is_no_news_any_more(
    owner: User,
    colleague: User,
    flow: Flow,
    handed_over: Sent,
    django_capture_on_commit_callbacks: Any,
    meanwhile: str,
) -> None:
    comment = say(owner, flow, django_capture_on_commit_callbacks).comments.get()
    match meanwhile:
        case "read":
            do_read_mentions(colleague)
        case "lost":
            Membership.objects.filter(user=colleague).delete()
        case "taken back":
            do_delete_comment(owner, comment)
        case "inactive":
            User.objects.filter(pk=colleague.pk).update(is_active=False)
        case "unnamed":
            do_edit_comment(owner, comment, "Never mind")
    assert handed_over
    assert deliver(handed_over) == []


def test_an_edit_writes_to_who_is_newly_named_alone(
    owner: User, viewer: User, flow: Flow, handed_over: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=viewer.pk).update(email="viewer@example.org")
    comment = say(owner, flow, django_capture_on_commit_callbacks).comments.get()
    with django_capture_on_commit_callbacks(execute=True):
        do_edit_comment(owner, comment, "@colleague and @viewer", origin=ORIGIN)
    assert [sent.to for sent in deliver(handed_over)] == [["colleague@example.org"], ["viewer@example.org"]]


def test_without_a_mail_server_or_an_address_nothing_is_handed_over(
    owner: User, colleague: User, flow: Flow, handed_over: Sent, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SENDS_MAIL = False
    say(owner, flow, django_capture_on_commit_callbacks)
    settings.SENDS_MAIL = True
    User.objects.filter(pk=colleague.pk).update(email="")
    say(owner, flow, django_capture_on_commit_callbacks)
    assert handed_over == []
