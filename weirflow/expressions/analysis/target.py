"""Whether what an expression gives fits the field it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from weirflow.expressions.analysis.fields import field_of, is_closed, item_of, names_of, requires
from weirflow.expressions.analysis.findings import Finding
from weirflow.expressions.analysis.reporter import Reporter, in_words
from weirflow.expressions.analysis.shapes import Shape

_DEPTH = 6
"""Levels of objects and lists that are compared; a schema may contain itself."""
_MOST_COMPARED = 1_000
"""Pairs of schemas; each may have many forms, and each form fields with many forms."""

_Check: TypeAlias = Callable[[Shape, Shape, Reporter, str, int], None]


def check_target(given: Shape, target: Shape, *, required: bool, reporter: Reporter) -> None:
    """Findings where `given` does not fit `target`, or may not. Null for a field that is not required is absent."""
    _TargetCheck().value(given, target, required, reporter, "", _DEPTH)


class _TargetCheck:
    """`below` is the place inside the field, `depth` how many more levels are looked at."""

    def __init__(self) -> None:
        self._compared = 0

    def value(self, given: Shape, target: Shape, required: bool, reporter: Reporter, below: str, depth: int) -> None:
        self._compared += 1
        kinds, wanted = given.kinds, target.kinds
        if not wanted or depth == 0:
            return
        place = _place(below)
        if not kinds or self._compared > _MOST_COMPARED:
            if not any(finding.code == "not_described" for finding in reporter.findings):
                message = f"{place} needs {in_words(wanted)}, and only a message can tell what this gives"
                reporter.say("unverifiable", "not_described", message, 0)
            return
        others = kinds - wanted - (frozenset() if required else {"null"})
        if (kinds - {"null"} or kinds) <= others:
            if kinds != {"null"} or not any(finding.code == "unknown_path" for finding in reporter.findings):
                code = "always_null" if kinds == {"null"} else "wrong_target"
                reporter.say("error", code, f"{place} needs {in_words(wanted)}, this gives {in_words(kinds)}", 0)
            return
        if others == {"null"}:
            reporter.say("unverifiable", "may_be_missing", f"{place} is required, and this may find nothing", 0)
        elif others:
            message = f"{place} needs {in_words(wanted)}, this may be {in_words(others)}"
            reporter.say("unverifiable", "may_be_wrong_kind", message, 0)
        _check_whole(given, target, reporter, place)
        self._forms("object", self._fields, given, target, reporter, below, depth - 1)
        self._forms("list", self._items, given, target, reporter, below, depth - 1)

    def _forms(
        self, kind: str, check: _Check, given: Shape, target: Shape, reporter: Reporter, below: str, depth: int
    ) -> None:
        """Each form of `given` has to fit one of the forms that the target takes."""
        wanted = target.of_kind(kind).alternatives
        for one in given.of_kind(kind).alternatives if wanted else ():
            attempts: list[list[Finding]] = []
            for form in wanted:
                attempt = Reporter(reporter.path, reporter.expression)
                check(Shape((one,), given.root), Shape((form,), target.root), attempt, below, depth)
                attempts.append(attempt.findings)
            if all(attempts):
                _say_of_forms(attempts, reporter, _place(below))

    def _items(self, given: Shape, target: Shape, reporter: Reporter, below: str, depth: int) -> None:
        items, wanted = item_of(given, 0), item_of(target, 0)
        if items.presence in ("certainly", "maybe"):
            self.value(items.shape, wanted.shape, True, reporter, f"{below}[ ]", depth)

    def _fields(self, given: Shape, target: Shape, reporter: Reporter, below: str, depth: int) -> None:
        wanted = names_of(target)
        for name in wanted:
            found = field_of(given, name)
            place = f"{below}.{name}" if below else name
            needed = requires(target, name)
            if needed and found.presence == "never":
                reporter.say("error", "wrong_target", f"the field's {place} is required, and this object has none", 0)
            elif needed and found.presence != "certainly":
                message = f"the field's {place} is required, and may be missing in this object"
                reporter.say("unverifiable", "may_be_missing", message, 0)
            if found.presence in ("certainly", "maybe"):
                self.value(found.shape, field_of(target, name).shape, needed, reporter, place, depth)
        for name in names_of(given) if is_closed(target) else ():
            if name not in wanted:
                place = f"{below}.{name}" if below else name
                message = f"this object has a field {place}, which the target does not take"
                reporter.say("error", "wrong_target", message, 0)


def _say_of_forms(attempts: list[list[Finding]], reporter: Reporter, place: str) -> None:
    if len(attempts) == 1:
        reporter.findings += attempts[0]
    elif all(any(finding.level == "error" for finding in attempt) for attempt in attempts):
        reporter.say("error", "wrong_target", f"this fits none of the {len(attempts)} forms that {place} takes", 0)
    else:
        message = f"only a message can tell whether this fits one of the {len(attempts)} forms that {place} takes"
        reporter.say("unverifiable", "may_be_wrong_kind", message, 0)


def _check_whole(given: Shape, target: Shape, reporter: Reporter, place: str) -> None:
    def only_whole(shape: Shape) -> bool:
        return all(each.get("type") == "integer" for each in shape.of_kind("number").alternatives)

    if "number" in given.kinds & target.kinds and only_whole(target) and not only_whole(given):
        reporter.say("unverifiable", "may_be_wrong_kind", f"{place} needs a whole number, this may have decimals", 0)


def _place(below: str) -> str:
    return f"the field's {below}" if below else "the field"
