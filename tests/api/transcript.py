"""Replays the exchanges recorded from a real API server against another one, and says where that differs.

The recording names versions, uids, times and generated names by placeholders such as `<rv:7>`; each is bound to our
value at its first sight and must stay the same value after that.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tests.api.transcript_setup import BEFORE, WHILE_OPEN, Step
from tests.api.wires import DEFINITIONS, Stream, Wire

RECORDING = Path(__file__).parents[1] / "data" / "apiserver" / "transcript.jsonl"
PLACEHOLDER = re.compile(r"<(rv:\d+|uid:\d+|time|age|rand5)>")
TOKEN = re.compile(r"<continue:v=(.*?),rv=(.*?),start=(.*?)>(?=$|&)")
FORMS = {"time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "age": r"\d+\S*", "rand5": r"[a-z0-9]{5}"}
UNCOMPARED = {"storageVersionHash", "description", "serverAddress", "subresource"}
"""Fields that are not served, that only hold prose, or that managedFields have had since the recording."""

LATER_LABEL = "kubernetes.io/metadata.name"

Exchange = dict[str, Any]


def recorded() -> list[Exchange]:
    """All exchanges, in the order sent."""
    return [json.loads(text) for text in RECORDING.read_text().splitlines()]


@dataclass
class Replay:
    """One run through the recording. `problems` holds what differed, by exchange id."""

    wire: Wire
    bound: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    open: dict[str, tuple[Exchange, Stream]] = field(default_factory=dict)
    newest: str = ""
    uncompared: set[str] = field(default_factory=set)
    """Fields that are not looked at in the exchange under way."""
    unsent: set[str] = field(default_factory=set)
    """Fields that are left out of its request."""

    async def run(self, exchanges: list[Exchange], skipped: set[str], prose: set[str]) -> None:
        """Send all but `skipped`; for `prose` the wording of an error is not compared."""
        for exchange in exchanges:
            name = exchange["id"]
            # The recorded server knew Gear's schema; for the other kinds it guessed who owns what, unlike later ones.
            self.uncompared = UNCOMPARED if name.startswith("ssg-") else UNCOMPARED | {"managedFields"}
            self.unsent = set() if name.startswith("ss") else {"managedFields"}
            if name == "ssg-01":
                await self._do(gear(exchanges))
            for step in BEFORE.get(name, ()):
                await self._do(step)
            if name not in skipped:
                await self._send(exchange, name in prose)
            await self._close_watches(name)

    async def _do(self, step: Step) -> None:
        method, path, body = step
        form = "application/merge-patch+json" if method == "PATCH" else "application/json"
        sent = orjson.dumps(body) if body is not None else b""
        answer = await self.wire.send(method, path, {"Content-Type": form}, sent)
        # 409: an exchange that only one of the servers takes part in has made it.
        assert answer.status < 300 or answer.status == 409, (step, answer)

    async def _send(self, exchange: Exchange, prose: bool) -> None:
        self.newest = await self.wire.newest()
        path, body = self._filled(exchange["path"]), self._body(exchange)
        answer = await self.wire.send(exchange["method"], path, exchange.get("request_headers", {}), body)
        found = self.problems.setdefault(exchange["id"], [])
        if answer.status != exchange["status"]:
            found.append(f"status {answer.status}, recorded {exchange['status']}: {answer.body[:300]!r}")
            return
        if "response_stream" in exchange:
            if answer.stream is None:
                found.append("not a watch")
                return
            self.open[exchange["id"]] = exchange, answer.stream
            for step in WHILE_OPEN.get(exchange["id"], ()):
                await self._do(step)
        elif "response_body" in exchange and exchange["method"] != "HEAD":
            shortened = "response_body_note" in exchange
            wanted, answered = exchange["response_body"], _without_later_label(_json(answer.body))
            if isinstance(wanted, dict) and isinstance(answered, dict) and "metadata" not in wanted:
                answered = _fields(answered, wanted)
            self._compare(wanted, answered, "", found, prose, shortened)

    async def _close_watches(self, name: str) -> None:
        """Judge the watches whose last companion request was `name`, and those that had none."""
        for watch, (exchange, stream) in list(self.open.items()):
            companions = exchange.get("while_open") or [watch]
            if companions[-1] != name:
                continue
            del self.open[watch]
            wanted = [event for event in exchange["response_stream"] if event["type"] != "BOOKMARK"]
            events = [event for event in await stream.events(len(wanted)) if event["type"] != "BOOKMARK"]
            events = _without_later_label(events)
            if exchange.get("request_headers", {}).get("Accept", "").startswith("application/json;as"):
                wanted, events = _without_prose(wanted), _without_prose(events)
            found = self.problems.setdefault(watch, [])
            shortened = "response_body_note" in exchange
            self._compare(wanted, events, "", found, prose=False, shortened=shortened)

    def _body(self, exchange: Exchange) -> bytes:
        if "request_body" in exchange:
            return orjson.dumps(self._filled(exchange["request_body"]))
        if "request_body_text" in exchange:
            return str(exchange["request_body_text"]).encode()
        return _large_body(exchange) if "request_body_note" in exchange else b""

    def _filled(self, value: Any) -> Any:
        """A recorded request with our values in place of its placeholders."""
        if isinstance(value, dict):
            known = {name: item for name, item in value.items() if name not in self.unsent and not self._unseen(item)}
            return {name: self._filled(item) for name, item in known.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str):
            return value
        value = PLACEHOLDER.sub(lambda found: self._value_of(found[1]), value)
        return TOKEN.sub(_token, value)

    def _unseen(self, value: Any) -> bool:
        """True for a uid that no answer has shown us: it is left out, as a client may."""
        return isinstance(value, str) and value.startswith("<uid:") and value[1:-1] not in self.bound

    def _value_of(self, name: str) -> str:
        if name == "time":
            return "2024-01-01T00:00:00Z"
        # A version no answer has shown is that of an unrecorded request sent just before: the newest one.
        return self.bound.get(name, self.newest)

    def _compare(self, wanted: Any, found: Any, path: str, problems: list[str], prose: bool, shortened: bool) -> None:
        if isinstance(wanted, dict) and isinstance(found, dict):
            for name in wanted.keys() - self.uncompared:
                if name == "message" and prose:
                    continue
                if name == "continue" and (prose or wanted[name] == ""):
                    continue
                if name not in found:
                    problems.append(f"{path}.{name} is missing, recorded {wanted[name]!r}")
                    continue
                left, right = wanted[name], found[name]
                if name == "causes":
                    left, right = _causes(left, prose), _causes(right, prose)
                elif name == "items" and isinstance(right, list):
                    left, right = _by_name(left), _by_name(right)
                elif name == "managedFields" and isinstance(right, list):
                    left, right = _by_manager(left), _by_manager(right)
                self._compare(left, right, f"{path}.{name}", problems, prose, shortened)
            if not shortened:
                extra = found.keys() - wanted.keys() - self.uncompared
                problems.extend(f"{path}.{name} is not in the recording: {found[name]!r}" for name in sorted(extra))
        elif isinstance(wanted, list) and isinstance(found, list):
            if len(wanted) != len(found):
                problems.append(f"{path} has {len(found)} items, recorded {len(wanted)}: {found!r:.500}")
                return
            for index, (left, right) in enumerate(zip(wanted, found, strict=True)):
                self._compare(left, right, f"{path}[{index}]", problems, prose, shortened)
        elif isinstance(wanted, str) and isinstance(found, str):
            self._compare_text(wanted, found, path, problems)
        elif wanted != found or type(wanted) is not type(found):
            problems.append(f"{path} is {found!r:.300}, recorded {wanted!r:.300}")

    def _compare_text(self, wanted: str, found: str, path: str, problems: list[str]) -> None:
        if TOKEN.search(wanted):
            return  # tokens are opaque; that they lead on is tested by using them
        names: list[str] = []
        pattern, at = "", 0
        for place in PLACEHOLDER.finditer(wanted):
            pattern += re.escape(wanted[at : place.start()])
            form = FORMS.get(place[1])
            names.append(place[1] if form is None else "")
            pattern += f"({form or '[-0-9a-f]+'})"
            at = place.end()
        match = re.fullmatch(pattern + re.escape(wanted[at:]), found)
        if match is None:
            problems.append(f"{path} is {found!r:.600}, recorded {wanted!r:.600}")
            return
        for name, value in zip(names, match.groups(), strict=True):
            if name and self.bound.setdefault(name, value) != value:
                problems.append(f"{path}: {name} is {value}, but was {self.bound[name]}")


def gear(exchanges: list[Exchange]) -> Step:
    """The second definition, which is not recorded: Widget's without columns and the field of two types."""
    widget = next(exchange["request_body"] for exchange in exchanges if exchange["id"] == "crd-01")
    body = json.loads(json.dumps(widget).replace("widget", "gear").replace("Widget", "Gear"))
    body["spec"]["names"]["shortNames"] = []
    [version] = body["spec"]["versions"]
    del version["additionalPrinterColumns"]
    del version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["port"]
    return "POST", DEFINITIONS, body


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")


def _without_later_label(value: Any) -> Any:
    """An answer without the label that namespaces have had since the recording."""
    if isinstance(value, list):
        return [_without_later_label(item) for item in value]
    if not isinstance(value, dict):
        return value
    labels = value.get("labels")
    if isinstance(labels, dict) and LATER_LABEL in labels:
        kept = {name: item for name, item in labels.items() if name != LATER_LABEL}
        value = {name: item for name, item in value.items() if name != "labels"} | ({"labels": kept} if kept else {})
    return {name: _without_later_label(item) for name, item in value.items()}


def _fields(value: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """Some exchanges are recorded as a few fields only: dotted paths, or bare names out of metadata or spec."""
    found: dict[str, Any] = {}
    for name in names:
        holders = [value, value.get("metadata"), value.get("spec")]
        if "." in name:
            head, name_in = name.split(".", 1)
            holders = [value.get(head)]
        else:
            name_in = name
        found[name] = next((h[name_in] for h in holders if isinstance(h, dict) and name_in in h), None)
    return found


def _large_body(exchange: Exchange) -> bytes:
    """The bodies that are too large to have been recorded."""
    size = int(re.findall(r"[\d,]{7,}", exchange["request_body_note"])[0].replace(",", ""))
    if "configmaps" in exchange["path"]:
        return orjson.dumps({"metadata": {"name": "cbig"}, "data": {"a": "x" * size}})
    body = {"apiVersion": "example.weirflow.dev/v1", "kind": "Widget", "metadata": {"name": "w-big"}}
    return orjson.dumps({**body, "spec": {"model": "alpha", "extra": {"s": "x" * size}}})


def _token(found: re.Match[str]) -> str:
    start = found[3].encode().decode("unicode_escape")
    content = {"v": found[1], "rv": int(found[2]), "start": start}
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


def _causes(causes: list[dict[str, str]], prose: bool) -> list[dict[str, str]]:
    """Causes have no fixed order and some are listed twice by the real server."""
    kept = [{key: value for key, value in cause.items() if not (prose and key == "message")} for cause in causes]
    return sorted({json.dumps(cause, sort_keys=True): cause for cause in kept}.values(), key=lambda c: json.dumps(c))


def _by_manager(entries: list[Any]) -> list[Any]:
    """Those of one second stand in this order, as all did in the recording; a slower run takes more than one."""
    return sorted(entries, key=lambda entry: (entry["operation"], entry["manager"], entry.get("subresource", "")))


def _by_name(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: (item["metadata"].get("namespace", ""), item["metadata"]["name"]))


def _without_prose(events: list[Any]) -> list[Any]:
    """Table events without the column definitions' wording."""
    for event in events:
        for column in event["object"].get("columnDefinitions") or ():
            column.pop("description", None)
    return events


async def replay(wire: Wire, skipped: set[str], prose: set[str]) -> dict[str, list[str]]:
    """Everything that differed, by exchange id; ids that ran clean have an empty list."""
    run = Replay(wire)
    await run.run(recorded(), skipped, prose)
    return run.problems
