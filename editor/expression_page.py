"""The page on which expressions are tried out: a message, an expression, and what comes of it. No flow is needed."""

import json
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from editor import turns
from projects.errors import ProjectError
from projects.views.guard import page, person_of

if TYPE_CHECKING:
    from weirflow.mappings.tried import Failed, Tried

MAX_TEXT, MAX_MESSAGE = 20_000, 256 * 1024
"""Characters of what is tried, and of the message."""
PATIENCE = 10.0
"""Seconds: of the turns of others too."""
AROUND = 40
"""Characters that are shown on either side of the place of an error."""
TEXT = "$.user.name"
MESSAGE = """\
{
  "user": {"name": "Ann", "age": 31, "mail": null, "content-type": "text"},
  "items": [
    {"name": "pen", "price": 2.5, "count": 4},
    {"name": "ink", "price": 9, "count": 1}
  ],
  "tags": ["new", "blue"],
  "start": "2024-01-01T12:00:00Z",
  "path": "a/b/c"
}"""
"""The message that docs/expressions.md has its examples about."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@page
def expression_page(request: HttpRequest) -> HttpResponse:
    """With what the address or the form has; the answer is on the same page, and nothing is kept."""
    from weirflow.expressions.functions import FUNCTIONS

    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    text = given.get("text", TEXT)
    # Forms send line ends as two characters.
    message = request.POST.get("message", "").replace("\r\n", "\n") if posted else MESSAGE
    context: dict[str, Any] = {"text": text, "message": message, "max_text": MAX_TEXT, "functions": FUNCTIONS.values()}
    status = 200
    try:
        tried = _tried(request, text, message)
        context |= {"result": tried.result, "failed": [_shown(one) for one in tried.failed]}
    except ProjectError as refused:
        context |= {"error": refused.message, "at_message": refused.field == "/message"}
        status = refused.status
    return render(request, "editor/expressions.html", context, status=status)


def _tried(request: HttpRequest, text: str, message: str) -> "Tried":
    from weirflow.mappings.tried import try_out

    if len(text) > MAX_TEXT:
        text = f"This has more than {MAX_TEXT:,} characters: try a part of it."
        raise ProjectError("expression_too_large", text, 413, field="/text")
    value = _message(message)
    with turns.trials.take(person_of(request).pk):
        trial = turns.begin(lambda: try_out(text, value))
        try:
            return trial.result(PATIENCE)
        except TimeoutError:
            trial.cancel()
            text = f"There was no answer within {PATIENCE:g} seconds: others try things out too. Try again."
            raise ProjectError("unavailable", text, 503) from None


def _message(text: str) -> Any:
    from weirflow.schema.bounds import too_large

    reason = f"has more than {MAX_MESSAGE // 1024} KiB" if len(text) > MAX_MESSAGE else ""
    try:
        value = None if reason else orjson.loads(text)
    except json.JSONDecodeError as error:
        text = f"The message is no JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise ProjectError("message_invalid", text, field="/message") from None
    if reason := reason or too_large(value):
        text = f"The message {reason}: try a smaller one."
        raise ProjectError("message_too_large", text, 413, field="/message")
    return value


def _shown(failed: "Failed") -> dict[str, str]:
    """An error with the character that it is about, and some of what stands around that."""
    at, text = failed.position, failed.expression or ""
    if at is None:
        return {"field": failed.field, "reason": failed.reason}
    before, after = text[max(0, at - AROUND) : at], text[at + 1 : at + 1 + AROUND]
    return {
        "field": failed.field,
        "reason": failed.reason,
        "before": f"…{before}" if at > AROUND else before,
        # What is missing at the end is marked too.
        "mark": text[at : at + 1] or " ",
        "after": f"{after}…" if at + 1 + AROUND < len(text) else after,
    }
