"""What somebody did, in words: `renamed Counter to Visits in Visit counter`.

A phrase is a list of pieces; one that names a thing has the place where it is found, if it is still there.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from projects.record.plain import said


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence. `place` is `""`, `flow`, or a node's id within the flow; `strong` names a thing."""

    text: str
    strong: bool = False
    place: str = ""


Phrase = list[Piece]

_PAST = {
    "add": "added", "change": "changed", "create": "created", "delete": "deleted", "edit": "edited",
    "end": "ended", "invite": "invited", "leave": "left", "merge": "merged", "move": "moved", "press": "pressed",
    "refuse": "refused", "remove": "removed", "rename": "renamed", "reopen": "reopened", "resolve": "resolved",
    "restore": "restored", "retain": "set how long to keep", "revoke": "revoked", "send": "sent", "set": "set",
    "share": "shared", "start": "started", "undo": "took back", "use": "used", "accept": "accepted",
    "close": "closed", "test": "tested", "renew": "renewed", "replace": "replaced",
    "import": "imported", "apply": "applied a file to",
}  # fmt: skip
_COMMENTED = {
    "comment.add": "commented on ",
    "comment.edit": "changed a comment on ",
    "comment.delete": "took back a comment on ",
    "comment.resolve": "resolved what was said about ",
    "comment.reopen": "opened again what was said about ",
}
_COUNTED = {
    "add_node": ("added", "node"),
    "delete_node": ("deleted", "node"),
    "add_edge": ("drew", "wire"),
    "delete_edge": ("removed", "wire"),
    "set_mapping": ("changed", "mapping"),
    "set_delivery": ("set the delivery of", "wire"),
    "set_setting": ("changed", "setting"),
    "set_schema": ("described", "message"),
    "set_node": ("edited", "node"),
    "add_group": ("framed", "group"),
    "set_group": ("changed", "group"),
    "delete_group": ("took apart", "group"),
    "add_note": ("wrote", "note"),
    "set_note": ("edited", "note"),
    "delete_note": ("deleted", "note"),
    "share_node": ("showed elsewhere", "node"),
    "unshare_node": ("took back from elsewhere", "node"),
    "move_node": ("moved elsewhere", "node"),
    "move_group": ("moved elsewhere", "group"),
    "arrange": ("moved", "thing"),
    "add_page": ("added", "page"),
    "set_page": ("changed", "page"),
    "delete_page": ("deleted", "page"),
    "add_widget": ("placed", "widget"),
    "set_widget": ("changed", "widget"),
    "delete_widget": ("removed", "widget"),
}
_MOST_KINDS = 3


def phrase(action: str, name: str, before: Any, after: Any, flow: str, page: bool = False) -> Phrase:
    """Of one entry, or of several alike whose `after` was summed up. `flow` is the flow's name, if it has one."""
    before = before if isinstance(before, dict) else {}
    after = after if isinstance(after, dict) else {}
    match action:
        case "flow.change" | "page.change":
            return [*_changed(before, after), *_in(flow)]
        case "flow.undo" | "page.undo":
            return [Piece("took a change back: "), *_changed(before, after), *_in(flow)]
        case "control.press":
            fields = ", ".join(map(str, after.get("fields") or ())) or "a control"
            return [Piece("pressed "), Piece(fields, strong=True), Piece(" of "), _node(name, after), *_in(flow)]
        case "state.edit":
            fields = ", ".join(map(str, after.get("fields") or ())) or "the state"
            return [Piece("edited "), Piece(fields, strong=True), Piece(" of "), _node(name, after), *_in(flow)]
        case _ if action in _COMMENTED and (name or flow):
            return [Piece(_COMMENTED[action]), *([_node(name, after), *_in(flow)] if name else _in(flow)[1:])]
    if plain := said(action, name, before, after, flow):
        return [Piece(text, strong=bool(what), place="flow" if what == "flow" else "") for text, what in plain]
    kind, _, verb = action.partition(".")
    if verb == "rename" and "name" in before:
        return [Piece(f"renamed the {_words(kind)} "), _thing(str(before["name"])), Piece(" to "), _thing(name, kind)]
    words: Phrase = [Piece(f"{_PAST.get(verb, _words(verb) or 'did')} the {_words(kind)}")]
    if name:
        words += [Piece(" "), _thing(name, kind)]
    elif after.get("name"):
        words += [Piece(" "), _thing(str(after["name"]))]
    if isinstance(after.get("role"), str):
        was = f" instead of {before['role']}" if isinstance(before.get("role"), str) else ""
        words.append(Piece(f" as {after['role']}{was}"))
    return [*words, *([] if kind == "flow" else _in(flow))]


def summed(afters: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What several changes did together, as one `after`."""
    kinds: Counter[str] = Counter()
    nodes: dict[str, str] = {}
    for after in afters:
        kinds.update({kind: int(count) for kind, count in (after.get("ops") or {}).items()})
        nodes.update(dict(after.get("nodes") or ()))
    one = afters[0] if len(afters) == 1 else {}
    total = one.get("node_count", max(len(nodes), *(int(after.get("node_count") or 0) for after in afters), 0))
    return {
        **one,
        "ops": dict(kinds.most_common()),
        "nodes": [list(item) for item in nodes.items()],
        "node_count": total,
    }


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Phrase:
    ops = {str(kind): int(count) for kind, count in (after.get("ops") or {}).items()}
    nodes = [Piece(str(name) or "a node", strong=True, place=str(pk)) for pk, name in after.get("nodes") or ()]
    single = nodes[0] if len(nodes) == 1 and after.get("node_count") == 1 else None
    for field in ("label", "name"):
        if before.get(field) and after.get(field) and sum(ops.values()) == 1:
            thing = single if single is not None and field == "label" else None
            now = Piece(str(after[field]), strong=True, place=thing.place if thing else "")
            return [Piece("renamed "), _thing(str(before[field])), Piece(" to "), now]
    kinds = set(ops)
    if single is not None:
        if kinds == {"add_node"}:
            return [Piece("added "), single]
        if "delete_node" in kinds and kinds <= {"delete_node", "delete_edge"}:
            return [Piece("deleted "), Piece(single.text, strong=True)]
        if kinds == {"arrange"}:
            return [Piece("moved "), single]
        if kinds == {"set_setting"}:
            path = ".".join(map(str, after.get("path") or ()))
            what = f"{path} of " if path else "settings of "
            return [Piece("set " if path else "changed "), *([Piece(what)] if what else []), single]
        if kinds == {"set_node"}:
            return [Piece("edited "), single]
    if kinds == {"add_edge"} and len(nodes) == 2 and sum(ops.values()) == 1:
        return [Piece("wired "), nodes[0], Piece(" to "), nodes[1]]
    if kinds == {"delete_node", "delete_edge"} and ops["delete_node"] == 1 and nodes:
        return [Piece("deleted "), Piece(nodes[0].text, strong=True), Piece(" and its wires")]
    return _counted(ops) or [Piece("changed something")]


def _counted(ops: Mapping[str, int]) -> Phrase:
    shown = sorted(ops.items(), key=lambda item: -item[1])
    parts = [_count(kind, count) for kind, count in shown[:_MOST_KINDS]]
    rest = sum(count for _, count in shown[_MOST_KINDS:])
    if rest:
        parts.append(f"made {rest:,} other change{'s' if rest != 1 else ''}")
    if not parts:
        return []
    return [Piece(parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}")]


def _count(kind: str, count: int) -> str:
    verb, noun = _COUNTED.get(kind, ("made", "change"))
    if count == 1:
        return f"{verb} {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    return f"{verb} {count:,} {noun}s"


def _in(flow: str) -> Phrase:
    return [Piece(" in "), Piece(flow, strong=True, place="flow")] if flow else []


def _thing(name: str, kind: str = "") -> Piece:
    return Piece(name, strong=True, place="flow" if kind == "flow" else "")


def _node(name: str, after: Mapping[str, Any]) -> Piece:
    return Piece(name or "a node", strong=True, place=str(after.get("node") or ""))


def _words(text: str) -> str:
    return text.replace("_", " ")
