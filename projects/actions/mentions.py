"""What a person does in the own inbox of mentions. Nobody else sees it: the record of actions has none."""

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone

from projects.models import Mention


def do_read_mentions(person: User, ids: Iterable[int] | None = None) -> None:
    """Marks these entries of the person's own inbox as read; all of them for None."""
    unread = Mention.objects.filter(user=person, read=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    unread.update(read=timezone.now())


def do_read_thread(person: User, thread_id: uuid.UUID) -> None:
    """Marks what names the person in a thread as read: the thread was looked at."""
    Mention.objects.filter(user=person, read=None, comment__thread=thread_id).update(read=timezone.now())
