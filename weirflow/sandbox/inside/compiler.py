"""The text of a function's body as a function's code, with the line numbers of the text."""

from __future__ import annotations

import ast
from types import CodeType

#: What tracebacks call the text, and the function.
FILE = "<code>"
NAME = "code"
ARGUMENT = "message"

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200


def compile_body(text: str) -> CodeType:
    """Raises `SyntaxError` with its line, `ValueError`, `RecursionError` or `MemoryError` for what is no Python."""
    module = ast.parse(text, FILE)
    body = module.body or [ast.Pass(lineno=1, col_offset=0)]
    function = ast.FunctionDef(
        name=NAME,
        args=ast.arguments(
            posonlyargs=[], args=[ast.arg(ARGUMENT, lineno=1, col_offset=0)], kwonlyargs=[], kw_defaults=[], defaults=[]
        ),
        body=body,
        decorator_list=[],
        lineno=1,
        col_offset=0,
    )
    whole = ast.Module(body=[function], type_ignores=[])
    code = compile(ast.fix_missing_locations(whole), FILE, "exec", dont_inherit=True)
    found = next(each for each in code.co_consts if isinstance(each, CodeType))
    if found.co_flags & (_GENERATOR | _COROUTINE | _ASYNC_GENERATOR):
        line = next((each.lineno for each in ast.walk(function) if isinstance(each, ast.Yield | ast.YieldFrom)), 1)
        raise SyntaxError("a function's body returns its result; it cannot yield", (FILE, line, 1, None))
    return found


def problem(text: str) -> dict[str, object] | None:
    """What is wrong with the text, `{line, text}`; None if nothing is."""
    try:
        compile_body(text)
    except SyntaxError as error:
        return {"line": error.lineno or 1, "text": error.msg}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"line": 1, "text": str(error) or "it is nested too deeply"}
    return None
