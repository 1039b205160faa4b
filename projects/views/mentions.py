"""The inbox: where others named the person in comments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects.actions.mentions import do_read_mentions
from projects.comments.inbox import entry, inbox_of, unread_count
from projects.views.guard import page, person_of

AT_ONCE = 50
"""Entries on one page."""


@require_safe
@page
def mentions(request: HttpRequest) -> HttpResponse:
    """The newest entries, or those before `?before=`."""
    person = person_of(request)
    entries = inbox_of(person)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    shown = list(entries[: AT_ONCE + 1])
    context = {
        "entries": [entry(mention) for mention in shown[:AT_ONCE]],
        "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
        "unread": unread_count(person),
        "first": not before,
    }
    return render(request, "mentions/list.html", context)


@require_POST
@page
def mentions_read(request: HttpRequest) -> HttpResponse:
    """Marks one entry as read, or all of them."""
    chosen = request.POST.get("id", "")
    if not chosen:
        do_read_mentions(person_of(request))
    elif chosen.isdecimal() and len(chosen) < 19:
        do_read_mentions(person_of(request), [int(chosen)])
    return redirect("mentions")
