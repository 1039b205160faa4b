"""What an expression gives, worked out from the schema of the message, and what is wrong with it on the way."""

from __future__ import annotations

from weirflow.expressions.analysis.fields import children_of, item_of
from weirflow.expressions.analysis.path_shapes import PathShapes
from weirflow.expressions.analysis.reporter import Reporter, in_words
from weirflow.expressions.analysis.shapes import Shape, anything, of_kinds, union
from weirflow.expressions.functions import FUNCTIONS, Function
from weirflow.expressions.syntax import (
    Binary,
    Call,
    Conditional,
    Constant,
    Current,
    Expression,
    ListOf,
    Literal,
    Message,
    ObjectOf,
    Path,
    Unary,
)
from weirflow.expressions.times import read_duration, read_moment

_NUMBER, _TEXT = frozenset({"number"}), frozenset({"text"})
_ORDERED = frozenset({"number", "text", "null"})
_LITERAL_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
_WHOLE = {"length", "size", "index", "ceil", "floor", "round", "roundtoeven", "trunc", "logb", "now", "randint"}
_OF_ITEMS = {"sum": _NUMBER, "avg": _NUMBER, "join": _TEXT}
_WHOLE_OPERATORS = {"%", "<<", ">>", "&", "&^", "|", "^"}


class Inference:
    """One expression against one message. `current` is the shape of `@`."""

    def __init__(self, message: Shape, reporter: Reporter) -> None:
        self.message = message
        self.current = message
        self.reporter = reporter
        self.in_filter = False
        self.paths = PathShapes(self)
        self._there: frozenset[Expression] = frozenset()

    def shape(self, tree: Expression) -> Shape:
        """The shape of what `tree` gives."""
        match tree:
            case Literal(value):
                return self._of({"type": _LITERAL_TYPES[type(value)], "const": value})
            case Constant():
                return self._kinds("number")
            case Message():
                return self.message
            case Current():
                return self.current
            case Path():
                shape = self.paths.value(tree)
                return shape.without_null() if tree in self._there else shape
            case ListOf(items):
                return self.list_of(union([self.shape(item) for item in items], self.message.root) if items else None)
            case ObjectOf(members):
                fields = {name: self.shape(value).schema() for name, value in members}
                return self._of({"type": "object", "properties": fields, "required": list(fields)})
            case Unary(operator, operand):
                shape = self.shape(operand)
                if operator == "!":
                    return self._kinds("boolean")
                self.reporter.need(shape, _NUMBER, f"the sign {operator}", tree.at)
                return self._kinds("number")
            case Conditional():
                return self._conditional(tree)
            case Call():
                return self._call(tree, FUNCTIONS[tree.function])
            case Binary():
                return self._binary(tree)

    def _of(self, schema: dict[str, object]) -> Shape:
        return Shape((schema,), self.message.root)

    def _kinds(self, *kinds: str) -> Shape:
        return of_kinds(kinds, self.message.root)

    def list_of(self, items: Shape | None) -> Shape:
        """A list of such items."""
        inside = items.schema() if items is not None else {}
        inside.pop("$defs", None)
        inside.pop("definitions", None)
        return self._of({"type": "array", "items": inside} if inside else {"type": "array"})

    def _conditional(self, tree: Conditional) -> Shape:
        self.shape(tree.condition)
        shapes = []
        for branch, holds in ((tree.then, True), (tree.otherwise, False)):
            shapes.append(self._knowing(_there_if(tree.condition, holds), branch))
        return union(shapes, self.message.root)

    def _knowing(self, there: frozenset[Expression], tree: Expression) -> Shape:
        before = self._there
        self._there = before | there
        try:
            return self.shape(tree)
        finally:
            self._there = before

    def _binary(self, tree: Binary) -> Shape:
        operator = tree.operator
        left = self.shape(tree.left)
        if operator in ("&&", "||"):
            self._knowing(_there_if(tree.left, operator == "&&"), tree.right)
            return self._kinds("boolean")
        right = self.shape(tree.right)
        match operator:
            case "==" | "!=":
                self._check_equality(tree, left, right)
                return self._kinds("boolean")
            case "<" | "<=" | ">" | ">=":
                self._check_order(tree, left, right)
                return self._kinds("boolean")
            case "=~":
                wanted = _TEXT if not self.in_filter else left.kinds | _TEXT
                self.reporter.need(left, wanted, "=~", tree.at)
                self.reporter.need(right, _TEXT, "the pattern of =~", tree.at)
                return self._kinds("boolean")
            case "+" | "-":
                return self._sum(tree, left, right)
        for side in (left, right):
            self.reporter.need(side, _NUMBER, operator, tree.at)
            if operator in _WHOLE_OPERATORS and "number" in side.kinds and not _are_whole(side.of_kind("number")):
                message = f"{operator} needs whole numbers, this may have decimals"
                self.reporter.say("unverifiable", "may_be_wrong_kind", message, tree.at)
        if operator in ("/", "%") and isinstance(tree.right, Literal) and tree.right.value == 0:
            self.reporter.say("error", "fails_always", "division by zero", tree.at)
        return self._number(operator in _WHOLE_OPERATORS or (operator == "*" and _are_whole(left, right)))

    def _number(self, whole: bool) -> Shape:
        return self._of({"type": "integer" if whole else "number"})

    def _check_equality(self, tree: Binary, left: Shape, right: Shape) -> None:
        if left.is_known and right.is_known and not left.kinds & right.kinds:
            always = "false" if tree.operator == "==" else "true"
            message = f"{in_words(left.kinds)} never equals {in_words(right.kinds)}: this is always {always}"
            self.reporter.say("warning", "useless_comparison", message, tree.at)

    def _check_order(self, tree: Binary, left: Shape, right: Shape) -> None:
        if self.in_filter:
            return
        for side in (left, right):
            self.reporter.need(side, _ORDERED, tree.operator, tree.at)
        self._common(tree, left, right, nullable=True)

    def _sum(self, tree: Binary, left: Shape, right: Shape) -> Shape:
        common = self._common(tree, left, right, nullable=False)
        if common == _NUMBER:
            return self._number(_are_whole(left, right))
        if tree.operator == "-" and common == _TEXT and not (_are_times(left) and _are_times(right)):
            message = "these texts have to be durations or times, and only a message can tell"
            self.reporter.say("unverifiable", "may_be_wrong_kind", message, tree.at)
        return self._kinds(*common)

    def _common(self, tree: Binary, left: Shape, right: Shape, *, nullable: bool) -> frozenset[str]:
        """The kinds that both sides can have: numbers, or texts; both are possible where nothing is known."""
        both = _NUMBER | _TEXT
        sides = [side.kinds or both for side in (left, right)]
        common = both & sides[0] & sides[1]
        ignored = frozenset({"null"}) if nullable else frozenset()
        if not common:
            if not any(side <= ignored for side in sides):
                message = (
                    f"{in_words(sides[0])} {tree.operator} {in_words(sides[1])}: two numbers or two texts are needed"
                )
                self.reporter.say("error", "wrong_kind", message, tree.at)
            return both
        for side in (left, right):
            self.reporter.need(side, common | ignored, tree.operator, tree.at)
        return common

    def _call(self, tree: Call, function: Function) -> Shape:
        if function.takes_path:
            return self.paths.place(tree)
        arguments = [self._argument(function, argument) for argument in tree.arguments]
        absent = False
        for parameter, argument, part in zip(function.parameters, arguments, tree.arguments, strict=False):
            if parameter.kinds:
                wanted = parameter.kinds | ({"null"} if parameter.nullable else frozenset())
                self.reporter.need(argument, wanted, function.shown, part.at)
                absent = absent or (parameter.nullable and (argument.nullable or not argument.is_known))
        if function.name in _OF_ITEMS:
            items = children_of(arguments[0].of_kind("list", "object")).shape
            who = f"each item for {function.shown}"
            self.reporter.need(items, _OF_ITEMS[function.name], who, tree.arguments[0].at)
        result = self._result(tree, function, arguments)
        return result.or_null() if absent else result

    def _argument(self, function: Function, argument: Expression) -> Shape:
        if function.takes_matches and isinstance(argument, Path) and self.paths.finds_several(argument):
            return self.paths.matches(argument)
        return self.shape(argument)

    def _result(self, tree: Call, function: Function, arguments: list[Shape]) -> Shape:
        match function.name:
            case "split":
                return self._of({"type": "array", "items": {"type": "string"}})
            case "first" | "last":
                found = item_of(arguments[0].of_kind("list"), 0 if function.name == "first" else -1)
                return found.shape.or_null()
            case "list":
                items = arguments[0].without_null()
                return items if items.kinds == {"list"} else self.list_of(anything(self.message.root))
            case "string" if arguments[0].kinds and arguments[0].kinds <= {"list", "null"}:
                message = (
                    f"string( ) of {in_words(arguments[0].kinds)} is always 'unknown'; write it inside a text instead"
                )
                self.reporter.say("warning", "useless_text", message, tree.at)
            case name if name in _WHOLE:
                return self._number(whole=True)
        if not function.result:
            return anything(self.message.root)
        return self._kinds(*function.result)


def _there_if(condition: Expression, holds: bool) -> frozenset[Expression]:
    """The paths that are not null where `condition` is true, or where it is not."""
    match condition:
        case Path() if holds:
            return frozenset({condition})
        case Unary("!", inner):
            return _there_if(inner, not holds)
        case Binary("&&", left, right) if holds:
            return _there_if(left, True) | _there_if(right, True)
        case Binary("||", left, right) if not holds:
            return _there_if(left, False) | _there_if(right, False)
        case Binary("==" | "!=" as operator, Path() as path, Literal(None)) if (operator == "!=") == holds:
            return frozenset({path})
        case Binary("==", Path() as path, Literal()) if holds:
            return frozenset({path})
        case Binary("<" | "<=" | ">" | ">=", left, right) if holds:
            return frozenset(side for side in (left, right) if isinstance(side, Path))
    return frozenset()


def _are_times(shape: Shape) -> bool:
    """Whether texts of this shape are durations or times, by what the schema says."""
    for each in shape.of_kind("text").alternatives:
        text = each.get("const")
        known = isinstance(text, str) and (read_duration(text) is not None or read_moment(text) is not None)
        if not known and each.get("format") != "date-time":
            return False
    return True


def _are_whole(*shapes: Shape) -> bool:
    return all(
        shape.is_known and all(each.get("type") == "integer" for each in shape.without_null().alternatives)
        for shape in shapes
    )
