"""Whether what an expression gives fits the field it is for."""

from __future__ import annotations

from weirflow.expressions.analysis.fields import field_of, is_closed, item_of, names_of, requires
from weirflow.expressions.analysis.reporter import Reporter, in_words
from weirflow.expressions.analysis.shapes import Shape

_DEPTH = 6
"""Levels of objects and lists that are compared; a schema may contain itself."""


def check_target(given: Shape, target: Shape, *, required: bool, reporter: Reporter) -> None:
    """Findings where `given` does not fit `target`, or may not. Null for a field that is not required is absent."""
    _check(given, target, required, reporter, "", _DEPTH)


def _check(given: Shape, target: Shape, required: bool, reporter: Reporter, below: str, depth: int) -> None:
    kinds, wanted = given.kinds, target.kinds
    place = f"the field's {below}" if below else "the field"
    if not wanted or depth == 0:
        return
    if not kinds:
        if not any(finding.code == "not_described" for finding in reporter.findings):
            message = f"{place} needs {in_words(wanted)}, and only a message can tell what this gives"
            reporter.say("unverifiable", "not_described", message, 0)
        return
    others = kinds - wanted - (frozenset() if required else {"null"})
    if (kinds - {"null"} or kinds) <= others:
        if kinds != {"null"} or not any(finding.code == "unknown_path" for finding in reporter.findings):
            code = "always_null" if kinds == {"null"} else "wrong_target"
            message = f"{place} needs {in_words(wanted)}, this gives {in_words(kinds)}"
            reporter.say("error", code, message, 0)
        return
    if others == {"null"}:
        reporter.say("unverifiable", "may_be_missing", f"{place} is required, and this may find nothing", 0)
    elif others:
        message = f"{place} needs {in_words(wanted)}, this may be {in_words(others)}"
        reporter.say("unverifiable", "may_be_wrong_kind", message, 0)
    _check_whole(given, target, reporter, place)
    _check_fields(given.of_kind("object"), target.of_kind("object"), reporter, below, depth)
    items, wanted_items = item_of(given.of_kind("list"), 0), item_of(target.of_kind("list"), 0)
    if "list" in kinds & wanted and items.presence in ("certainly", "maybe"):
        inside = items.shape if items.shape.nullable else items.shape.without_null()
        _check(inside, wanted_items.shape, True, reporter, f"{below}[ ]", depth - 1)


def _check_whole(given: Shape, target: Shape, reporter: Reporter, place: str) -> None:
    def only_whole(shape: Shape) -> bool:
        return all(each.get("type") == "integer" for each in shape.of_kind("number").alternatives)

    if "number" in given.kinds & target.kinds and only_whole(target) and not only_whole(given):
        reporter.say("unverifiable", "may_be_wrong_kind", f"{place} needs a whole number, this may have decimals", 0)


def _check_fields(given: Shape, target: Shape, reporter: Reporter, below: str, depth: int) -> None:
    if not given.alternatives or not target.alternatives:
        return
    wanted = names_of(target)
    for name in wanted:
        found = field_of(given, name)
        place = f"{below}.{name}" if below else name
        needed = requires(target, name)
        if found.presence in ("never", "open") or (found.presence == "maybe" and needed):
            if needed and found.presence == "never":
                reporter.say("error", "wrong_target", f"the field's {place} is required, and this object has none", 0)
            elif needed:
                message = f"the field's {place} is required, and may be missing in this object"
                reporter.say("unverifiable", "may_be_missing", message, 0)
        if found.presence in ("certainly", "maybe"):
            _check(found.shape, field_of(target, name).shape, needed, reporter, place, depth - 1)
    if is_closed(target):
        for name in names_of(given):
            if name not in wanted:
                place = f"{below}.{name}" if below else name
                message = f"this object has a field {place}, which the target does not take"
                reporter.say("error", "wrong_target", message, 0)
