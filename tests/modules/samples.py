"""Settings and messages to try a component with, where its example flow and its schema alone do not give them.

Nothing here may reach the outside: port 9 of the own machine refuses at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from weirflow import JSON


@dataclass(frozen=True)
class Sample:
    """`settings` of None: those of the example. `messages` by input; an input without one gets what its schema says."""

    settings: dict[str, JSON] | None = None
    messages: dict[str, JSON] = field(default_factory=dict)


#: By `module/component`.
SAMPLES: dict[str, Sample] = {
    "common-v1/router": Sample(
        settings={"routes": ["a"]},
        messages={"in": {"context": {"n": 1}, "conditions": [{"route": "a", "condition": True}]}},
    ),
    "data-v1/json": Sample(messages={"parse": {"text": "[1]", "context": None}}),
    "http-v1/http_client": Sample(settings={"url": "http://127.0.0.1:9/"}, messages={"request": {"body": {"n": 1}}}),
    "data-v1/sql_query": Sample(
        settings={"query": "SELECT :n AS n", "file": "sample.db"}, messages={"run": {"parameters": {"n": 1}}}
    ),
    "notify-v1/email": Sample(
        settings={"host": "127.0.0.1", "port": 9, "from": "a@example.com"},
        messages={"send": {"to": ["b@example.com"], "subject": "Hello", "text": "Hello"}},
    ),
    "notify-v1/slack_webhook": Sample(settings={"url": "http://127.0.0.1:9/"}, messages={"message": {"text": "Hello"}}),
}
