"""From a syntax tree to lines of Python: what is common (a field, a sum of numbers) is written out, the rest calls."""

from __future__ import annotations

from collections.abc import Sequence

from weirflow.expressions import pathgen
from weirflow.expressions.constants import CONSTANTS
from weirflow.expressions.functions import FUNCTIONS, Function
from weirflow.expressions.operators import ARITHMETIC, FILTER_ORDER, ORDER
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
from weirflow.expressions.writer import Value, Writer

_TESTS = {
    "null": "{0} is None",
    "boolean": "type({0}) is bool",
    "number": "type({0}) is int or type({0}) is float",
    "text": "type({0}) is str",
    "list": "type({0}) is list",
    "object": "type({0}) is dict",
}
_KIND_OF_LITERAL = {bool: "boolean", int: "number", float: "number", str: "text", type(None): "null"}


class Body(Writer):
    """One function of expressions."""

    def write(self, tree: Expression) -> Value:
        """Lines that work `tree` out."""
        match tree:
            case Literal(value):
                return self._literal(value)
            case Constant(name):
                return Value(self.program.bind(CONSTANTS[name]), "number")
            case Message():
                return Value("m")
            case Current():
                return Value(self.current)
            case Path():
                return pathgen.write_value(self, tree)
            case ListOf(items):
                return self.let(f"[{', '.join([self.write(item).name for item in items])}]", "list")
            case ObjectOf(members):
                pairs = [f"{self.program.bind(name)}: {self.write(value).name}" for name, value in members]
                return self.let("{" + ", ".join(pairs) + "}", "object")
            case Unary():
                return self._unary(tree)
            case Conditional():
                return self._conditional(tree)
            case Call():
                return self._call(tree, FUNCTIONS[tree.function])
            case Binary():
                return self._binary(tree)

    def _literal(self, value: bool | int | float | str | None) -> Value:
        kind = _KIND_OF_LITERAL[type(value)]
        plain = isinstance(value, str) and read_duration(value) is None and read_moment(value) is None
        return Value(self.program.bind(value), kind, plain)

    def _unary(self, tree: Unary) -> Value:
        operand = self.write(tree.operand)
        if tree.operator == "!":
            return self.let(f"not {operand.name}", "boolean")
        self.may_refuse(tree.at)
        return self.let(f"{'negative' if tree.operator == '-' else 'positive'}({operand.name})", "number")

    def _conditional(self, tree: Conditional) -> Value:
        condition = self.write(tree.condition)
        result = self.name()
        kinds = set()
        for head, branch in ((f"if {condition.name}:", tree.then), ("else:", tree.otherwise)):
            with self.block(head):
                value = self.write(branch)
                self.line(f"{result} = {value.name}")
                kinds.add(value.kind)
        return Value(result, kinds.pop() if len(kinds) == 1 else None)

    def _binary(self, tree: Binary) -> Value:
        operator = tree.operator
        if operator in ("&&", "||"):
            return self._junction(tree)
        left, right = self.write(tree.left), self.write(tree.right)
        if operator in ("==", "!="):
            return self._equality(tree, left, right)
        if operator == "=~":
            self.may_refuse(tree.at)
            helper = "filter_match" if self.inner else "match"
            return self.let(f"{helper}({left.name}, {right.name}, {self.work})", "boolean")
        if operator in ORDER:
            return self._order(tree, left, right)
        if operator == "+":
            return self._sum(tree, left, right)
        helper = ARITHMETIC[operator].__name__
        if operator in ("-", "*"):
            kind = "number" if operator == "*" or "number" in (left.kind, right.kind) else None
            return self._numbers(tree, left, right, f"{helper}({left.name}, {right.name})", kind)
        self.may_refuse(tree.at)
        return self.let(f"{helper}({left.name}, {right.name})", "number")

    def _junction(self, tree: Binary) -> Value:
        left = self.write(tree.left)
        result = self.name()
        both = tree.operator == "&&"
        with self.block(f"if {left.name}:" if both else f"if not {left.name}:"):
            right = self.write(tree.right)
            self.line(f"{result} = {right.name}" if right.kind == "boolean" else f"{result} = not not {right.name}")
        with self.block("else:"):
            self.line(f"{result} = {not both}")
        return Value(result, "boolean")

    def _equality(self, tree: Binary, left: Value, right: Value) -> Value:
        known, other = (right, left) if right.kind in _KIND_OF_LITERAL.values() else (left, right)
        a, b = other.name, known.name
        if known.kind == "text":
            code = f"{a} == {b}"
        elif known.kind in ("null", "boolean"):
            code = f"{a} is {b}"
        elif known.kind == "number":
            code = f"{a} == {b}" if other.kind == "number" else f"{a} == {b} and type({a}) is not bool"
        else:
            self.may_refuse(tree.at)
            code = f"equal({left.name}, {right.name}, {self.work})"
        return self.let(code if tree.operator == "==" else f"not ({code})", "boolean")

    def _order(self, tree: Binary, left: Value, right: Value) -> Value:
        helper = (FILTER_ORDER if self.inner else ORDER)[tree.operator].__name__
        result = self.name()
        with self.block(f"if {_are_numbers(left, right)}:"):
            self.line(f"{result} = {left.name} {tree.operator} {right.name}")
        with self.block("else:"):
            self.may_refuse(tree.at)
            work = "None" if "number" in (left.kind, right.kind) else self.work
            self.line(f"{result} = {helper}({left.name}, {right.name}, {work})")
        return Value(result, "boolean")

    def _sum(self, tree: Binary, left: Value, right: Value) -> Value:
        slow = f"add({left.name}, {right.name}, {self.work if 'number' not in (left.kind, right.kind) else 'None'})"
        if left.plain_text or right.plain_text:
            other = right if left.plain_text else left
            result = self.name()
            with self.block(f"if type({other.name}) is str and len({other.name}) < SMALL:"):
                self.line(f"{result} = {left.name} + {right.name}")
            with self.block("else:"):
                self.may_refuse(tree.at)
                self.line(f"{result} = {slow}")
            return Value(result, "text")
        kinds = (left.kind, right.kind)
        kind = next((known for known in ("number", "text") if known in kinds), None)
        return self._numbers(tree, left, right, slow, kind)

    def _numbers(self, tree: Binary, left: Value, right: Value, slow: str, kind: str | None) -> Value:
        """The operation on two numbers written out, and the helper for all else."""
        result = self.name()
        with self.block(f"if {_are_numbers(left, right)}:"):
            self.line(f"{result} = {left.name} {tree.operator} {right.name}")
            with self.block(f"if not LOW < {result} < HIGH:"):
                self.may_refuse(tree.at)
                self.line(f"{result} = checked({result})")
        with self.block("else:"):
            self.may_refuse(tree.at)
            self.line(f"{result} = {slow}")
        return Value(result, kind)

    def _call(self, tree: Call, function: Function) -> Value:
        if function.takes_path:
            return pathgen.write_place(self, tree)
        arguments = [self._argument(function, argument) for argument in tree.arguments]
        kind = next(iter(function.result)) if len(function.result) == 1 else None
        if not (function.parameters and function.parameters[0].nullable):
            return self._called(tree, function, arguments, self.name(), kind)
        if arguments[0].kind == "null":
            return arguments[0]
        result = self.name()
        if arguments[0].kind is not None:
            return self._called(tree, function, arguments, result, kind)
        with self.block(f"if {arguments[0].name} is None:"):
            self.line(f"{result} = None")
        with self.block("else:"):
            self._called(tree, function, arguments, result, kind)
        return Value(result)

    def _argument(self, function: Function, argument: Expression) -> Value:
        if function.takes_matches and isinstance(argument, Path) and not pathgen.is_definite_path(argument):
            return Value(pathgen.write_matches(self, argument), "list")
        return self.write(argument)

    def _called(
        self, tree: Call, function: Function, arguments: Sequence[Value], result: str, kind: str | None
    ) -> Value:
        self.may_refuse(tree.at)
        for index, (parameter, argument) in enumerate(zip(function.parameters, arguments, strict=False)):
            if parameter.kinds and argument.kind not in parameter.kinds:
                fits = " or ".join(_TESTS[kind].format(argument.name) for kind in sorted(parameter.kinds))
                place = "argument" if len(function.parameters) == 1 else f"argument {index + 1}"
                said = ", ".join(map(self.program.bind, (function.shown, place, parameter.wanted)))
                with self.block(f"if not ({fits}):"):
                    self.line(f"raise refuse_kind({said}, {argument.name})")
        given = [argument.name for argument in arguments]
        if function.costly:
            given.append(self.work)
        self.line(f"{result} = {self.program.bind(function.call)}({', '.join(given)})")
        return Value(result, kind)


def _are_numbers(*values: Value) -> str:
    tests = [_TESTS["number"].format(value.name) for value in values if value.kind != "number"]
    return " and ".join(f"({test})" for test in tests) or "True"
