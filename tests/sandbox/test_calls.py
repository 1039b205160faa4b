"""What code gets, what it gives, and how it is told what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sandbox.conftest import Trial
from weirflow import Fail
from weirflow.sandbox import Pool, Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_it_returns_what_the_body_returns(trial: Trial) -> None:
    code = "total = 0\nfor n in message['numbers']:\n    total += n\nreturn {'total': total, 'text': 'ä€𝄞'}"
    assert await trial(code, {"numbers": [1, 2.5, -4]}) == {"total": -0.5, "text": "ä€𝄞"}


async def test_a_body_without_a_return_gives_nothing(trial: Trial) -> None:
    assert await trial("x = message") is None
    assert await trial("# nothing yet") is None


async def test_texts_over_several_lines_stay_as_they_are(trial: Trial) -> None:
    assert await trial('return """a\n  b\nc"""') == "a\n  b\nc"


async def test_functions_classes_and_recursion_work_inside(trial: Trial) -> None:
    code = "class A:\n    n = 2\ndef f(n):\n    return 1 if n < 2 else n * f(n - 1)\nreturn [f(message), A.n]"
    assert await trial(code, 20) == [2432902008176640000, 2]


async def test_the_library_that_is_promised_is_there(trial: Trial) -> None:
    code = """
import base64, collections, csv, datetime, decimal, hashlib, io, itertools, json, math, random, re
import statistics, uuid, zoneinfo
import xml.etree.ElementTree as tree
rows = list(csv.reader(io.StringIO("a,b\\n1,2")))
then = datetime.datetime.strptime("2026-03-29 00:30", "%Y-%m-%d %H:%M")
then = then.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
return [rows, then.isoformat(), hashlib.sha256(b"x").hexdigest()[:8], "ü".encode("cp1252").hex(),
        len(str(uuid.uuid4())), tree.fromstring("<a b='1'/>").get("b"), str(decimal.Decimal("0.1") * 3)]
"""
    assert await trial(code) == [
        [["a", "b"], ["1", "2"]], "2026-03-29T00:30:00+01:00", "2d711642", "fc", 36, "1", "0.3",
    ]  # fmt: skip


async def test_workers_draw_different_random_numbers(trial: Trial) -> None:
    assert await trial("import random\nreturn random.random()") != await trial("import random\nreturn random.random()")


async def test_what_is_not_there_cannot_be_imported(trial: Trial) -> None:
    with pytest.raises(Fail, match="line 2: ModuleNotFoundError: requests is not among the modules"):
        await trial("x = 1\nimport requests")


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        ("x = (1\nreturn x", 1, "never closed"),
        ("x = 1\n\nreturn y z", 3, "invalid syntax"),
        ("if message:\nreturn 1", 2, "expected an indented block"),
        ("a = 1\nyield a", 2, "cannot yield"),
        ("await x", 1, "outside async function"),
        ("x = 1\nnonlocal y", 2, "no binding"),
        ("x\0y", 1, "null bytes"),
        ("return " + "-" * 50_000 + "1", 1, "nested too deeply"),
        ("return " + "(" * 5_000 + ")" * 5_000, 1, "too many nested"),
        ("return '\ud800'", 1, ""),
    ],
)
async def test_what_is_no_python_is_named_with_its_line(sandbox: Sandbox, code: str, line: int, text: str) -> None:
    wrong = await sandbox.check(code)
    if text:
        assert wrong is not None
        assert (wrong["line"], text in wrong["text"]) == (line, True), wrong


async def test_an_exception_carries_the_line_of_the_code(trial: Trial) -> None:
    with pytest.raises(Fail, match=r"^line 2: ZeroDivisionError: division by zero$") as failed:
        await trial("def f(x):\n    return 1 / x\nreturn f(message)", 0)
    assert failed.value.code == "code_error"
    with pytest.raises(Fail, match=r"^line 1: JSONDecodeError: ") as failed:
        await trial("import json; json.loads('{')")


async def test_an_exception_may_be_as_odd_as_it_likes(trial: Trial) -> None:
    odd = "class E(Exception):\n    def __str__(self): raise ValueError\nE.__name__ = 'x' * 10**6\nraise E"
    for code in (
        odd,
        "raise ValueError('x' * 10**7)",
        "raise SystemExit(3)",
        "raise KeyboardInterrupt",
        "raise ValueError('\\ud800')",
    ):
        with pytest.raises(Fail) as failed:
            await trial(code)
        assert (failed.value.code, len(str(failed.value)) < 2000) == ("code_error", True)


@pytest.mark.parametrize(
    "result",
    ["{1, 2}", "float('nan')", "b'x'", "'\\ud800'", "{(1, 2): 3}", "object()", "'x' * 20_000_000", "10 ** 400"],
)
async def test_what_is_no_json_is_refused_in_words(trial: Trial, result: str) -> None:
    with pytest.raises(Fail, match="what it returned") as failed:
        await trial(f"return {result}")
    assert failed.value.code == "code_result"


async def test_an_answer_of_very_many_values_is_refused_before_the_host_has_them(trial: Trial) -> None:
    for result in ("[[]] * 1_000_000", "[{}] * 1_000_000"):
        with pytest.raises(Fail, match="more than 1,000,000 lists and dicts") as failed:
            await trial(f"return {result}", deadline=20.0)
        assert failed.value.code == "code_result"
    assert await trial("return ['[' * 2_000_000, '{\\\"' * 1_000_000]", deadline=20.0) == [
        "[" * 2_000_000, '{"' * 1_000_000,
    ]  # fmt: skip


async def test_a_cycle_or_a_deep_value_is_refused(trial: Trial) -> None:
    for code in ("x = []\nx.append(x)\nreturn x", "x = []\nfor _ in range(100_000): x = [x]\nreturn x"):
        with pytest.raises(Fail) as failed:
            await trial(code)
        assert failed.value.code == "code_result"


async def test_what_is_printed_is_kept_up_to_a_limit(trial: Trial, printed: list[str]) -> None:
    await trial("import sys\nprint('a', 1)\nprint('b', file=sys.stderr)", printed=1000)
    await trial("for _ in range(100_000): print('x' * 1000)", printed=1000)
    assert printed[0] == "a 1\nb\n"
    assert len(printed[1]) < 1100
    assert "more was printed" in printed[1]


async def test_what_was_printed_before_an_error_is_kept_too(trial: Trial, printed: list[str]) -> None:
    with pytest.raises(Fail):
        await trial("print('so far')\n1 / 0")
    assert printed == ["so far\n"]


async def test_globals_do_not_live_on(pool: Callable[..., Pool]) -> None:
    calls = pool("global n\nn = globals().get('n', 0) + 1\nreturn n", processes=1)
    assert [await calls.call(None), await calls.call(None)] == [1, 1]


async def test_ten_megabytes_go_in_and_out(trial: Trial) -> None:
    assert await trial("return message[::-1]", "ab" * 5_000_000) == "ba" * 5_000_000


async def test_a_message_that_is_too_large_is_refused(trial: Trial) -> None:
    with pytest.raises(Fail) as failed:
        await trial("return 1", "x" * 40_000_000)
    assert failed.value.code == "code_message"
