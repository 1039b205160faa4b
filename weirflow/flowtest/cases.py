"""What a test says: what is given, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from weirflow.errors import JSON
from weirflow.flowtest.flow import NotAFlow, PortAddress

#: Of one flow and of one test.
MOST_TESTS, MOST_GIVEN, MOST_EXPECTED = 200, 100, 200
#: Seconds of the flow's own time that a test lets pass, unless it says otherwise, and at most.
WITHIN, LONGEST_WITHIN = 600.0, 400 * 86_400.0
NAME_LENGTH = 100

#: Stands where no message is given: ``None`` is one.
ABSENT: JSON = object()


class NotATest(ValueError):
    """What was given is no test. ``pointer`` is the JSON pointer of what is wrong with it."""

    def __init__(self, pointer: str, text: str) -> None:
        super().__init__(f"{pointer}: {text}" if pointer else text)
        self.pointer, self.text = pointer, text


@dataclass(frozen=True, slots=True)
class Given:
    """A message: at an input delivered there, at an output sent from there, ``after`` so many seconds."""

    at: PortAddress
    message: JSON = ABSENT
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Expectation:
    """One of: a ``message`` at a port (the ``nth`` that came, else any), a number of them, none (``count`` 0), an error
    (``error`` is its code, ``*`` any), or the reply to what was given (``at`` is None). ``node`` alone says where an
    error happens."""

    node: str | None = None
    port: str | None = None
    message: JSON = ABSENT
    nth: int | None = None
    count: int | None = None
    error: str | None = None
    reply: JSON = ABSENT

    @property
    def place(self) -> str:
        """Where, as people write it."""
        return "reply" if self.node is None else self.node if self.port is None else f"{self.node}.{self.port}"


@dataclass(frozen=True, slots=True)
class FlowTest:
    """``answers`` are what outputs, by node and port, give instead of their node being run; ``state`` is what nodes
    hold at the beginning; ``now`` is when it begins, unix seconds; ``within`` bounds the time that passes in it."""

    name: str
    given: tuple[Given, ...]
    expect: tuple[Expectation, ...]
    scenario: str | None = None
    answers: dict[PortAddress, JSON] = field(default_factory=dict)
    state: dict[str, dict[str, JSON]] = field(default_factory=dict)
    now: float | None = None
    within: float = WITHIN


def read_tests(data: Any) -> list[FlowTest]:
    """The ``tests`` of a flow file, as parsed. Raises ``NotATest``."""
    if data is None:
        return []
    if not isinstance(data, list):
        raise NotATest("", "`tests` is a list")
    if len(data) > MOST_TESTS:
        raise NotATest("", f"a flow has at most {MOST_TESTS} tests")
    tests: list[FlowTest] = []
    for index, entry in enumerate(data):
        try:
            tests.append(read_test(entry))
        except NotATest as error:
            raise NotATest(f"/{index}{error.pointer}", error.text) from None
    return tests


def read_test(data: Any) -> FlowTest:
    """One test, as parsed. Raises ``NotATest``."""
    entry = _object("", data)
    _known("", entry, {"name", "given", "expect", "scenario", "answers", "state", "now", "within"})
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LENGTH:
        raise NotATest("/name", f"a test has a name of at most {NAME_LENGTH} characters")
    given = entry.get("given")
    one_given = not isinstance(given, list)
    several = [given] if one_given else given
    expect = entry.get("expect")
    if not isinstance(expect, list):
        raise NotATest("/expect", "what is expected is a list")
    if not several or len(several) > MOST_GIVEN or len(expect) > MOST_EXPECTED:
        raise NotATest("/given", f"1 to {MOST_GIVEN} messages are given, and at most {MOST_EXPECTED} things expected")
    scenario = entry.get("scenario")
    if scenario is not None and not isinstance(scenario, str):
        raise NotATest("/scenario", "a scenario is named")
    answers = _object("/answers", entry.get("answers") or {})
    state = _object("/state", entry.get("state") or {})
    return FlowTest(
        name,
        tuple(_given("/given" if one_given else f"/given/{index}", one) for index, one in enumerate(several)),
        tuple(_expectation(f"/expect/{index}", one) for index, one in enumerate(expect)),
        scenario,
        {_address(f"/answers/{_escaped(at)}", at): message for at, message in answers.items()},
        {str(node): _object(f"/state/{_escaped(node)}", values) for node, values in state.items()},
        _instant("/now", entry.get("now")),
        _seconds("/within", entry.get("within", WITHIN), LONGEST_WITHIN),
    )


def _given(pointer: str, data: Any) -> Given:
    entry = _object(pointer, data)
    _known(pointer, entry, {"at", "message", "after"})
    at = _address(f"{pointer}/at", entry.get("at"))
    return Given(at, entry.get("message", ABSENT), _seconds(f"{pointer}/after", entry.get("after", 0), LONGEST_WITHIN))


def _expectation(pointer: str, data: Any) -> Expectation:
    entry = _object(pointer, data)
    _known(pointer, entry, {"at", "message", "absent", "count", "nth", "error", "reply"})
    if "reply" in entry:
        _known(pointer, entry, {"reply"})
        return Expectation(reply=entry["reply"])
    error = _error(f"{pointer}/error", entry["error"]) if "error" in entry else None
    if error is not None:
        _known(pointer, entry, {"at", "error"})
        if "at" not in entry:
            return Expectation(error=error)
        at = entry["at"]
        if isinstance(at, str) and at and "." not in at:
            return Expectation(at, error=error)
        place = _address(f"{pointer}/at", at)
        return Expectation(place.node, place.port, error=error)
    place = _address(f"{pointer}/at", entry.get("at"))
    if entry.get("absent"):
        return Expectation(place.node, place.port, entry.get("message", ABSENT), count=0)
    count, nth = _number(f"{pointer}/count", entry.get("count"), 0), _number(f"{pointer}/nth", entry.get("nth"), 1)
    if count is None and "message" not in entry:
        raise NotATest(pointer, "it expects nothing: say message, count, absent or error")
    return Expectation(place.node, place.port, entry.get("message", ABSENT), nth, count)


def _error(pointer: str, data: Any) -> str:
    if data is True:
        return "*"
    code = data.get("code") if isinstance(data, dict) else data
    if not isinstance(code, str) or not code:
        raise NotATest(pointer, "an error is expected by its code: {code: message_rejected}; true is any")
    return code


def _object(pointer: str, data: Any) -> dict[str, JSON]:
    if not isinstance(data, dict):
        raise NotATest(pointer, "this is an object")
    return data


def _known(pointer: str, entry: dict[str, JSON], names: set[str]) -> None:
    if strange := sorted(str(name) for name in entry.keys() - names):
        raise NotATest(
            f"{pointer}/{_escaped(strange[0])}", f"this is not known here; known are {', '.join(sorted(names))}"
        )


def _address(pointer: str, text: Any) -> PortAddress:
    try:
        return PortAddress.read(text if isinstance(text, str) else "")
    except NotAFlow as error:
        raise NotATest(pointer, str(error)) from None


def _number(pointer: str, value: Any, least: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise NotATest(pointer, f"this is a whole number from {least}")
    return value


def _seconds(pointer: str, value: Any, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        raise NotATest(pointer, f"these are seconds, from 0 to {most:,.0f}")
    return float(value)


def _instant(pointer: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        # YAML makes a date of what looks like one.
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise NotATest(pointer, "this is a time with its offset, such as 2026-03-29T00:59:00+01:00")
    return moment.timestamp()


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
