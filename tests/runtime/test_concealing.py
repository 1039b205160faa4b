import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

import pytest

from weirflow.errors import JSON, Problem
from weirflow.runtime.concealing import FORMER_LIMIT, MIN_CHARACTERS, NOTHING, Concealer, Concealers
from weirflow.runtime.redaction import REDACTED, redact_message

TOKEN = 'Tr0ub4dor&3 / "käse"+%\'!'
UNRESERVED = "!'()*"


def knowing(*values: str) -> Concealer:
    concealer = Concealer()
    concealer.know("secret s", values)
    return concealer


@pytest.mark.parametrize(
    "text",
    [
        f"it is {TOKEN}.",
        json.dumps({"a": TOKEN}),
        json.dumps({"a": TOKEN}, ensure_ascii=False),
        repr([TOKEN]),
        f"https://e.example/?t={quote(TOKEN, safe='')}&u=1",
        "https://e.example/?t=" + re.sub("%..", lambda found: found[0].lower(), quote(TOKEN, safe="")),
        f"a=1&t={quote_plus(TOKEN)}",
        TOKEN.encode().hex(),
        # As JavaScript does, as other languages escape, and JSON in JSON.
        f"https://e.example/?t={quote(TOKEN, safe=UNRESERVED)}",
        f"https://e.example/{quote(TOKEN, safe=UNRESERVED + '#$&+,/:;=?@')}",
        json.dumps(json.dumps({"a": TOKEN})),
        json.dumps({"a": TOKEN}).replace("/", "\\/"),
        json.dumps({"a": TOKEN}).replace("\\u00e4", "\\u00E4"),
        html.escape(TOKEN, quote=False),
        html.escape(TOKEN).replace("&#x27;", "&#39;"),
        html.escape(TOKEN).replace("&#x27;", "&apos;"),
        repr(TOKEN.encode()),
    ],
)
def test_a_value_is_hidden_in_every_form_that_programs_give_it(text: str) -> None:
    clean = knowing(TOKEN).text(text)
    assert REDACTED in clean
    assert "dor" not in clean
    assert TOKEN.encode().hex()[4:20] not in clean


@pytest.mark.parametrize("user", ["", "a", "an", "ann"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_hidden_wherever_the_value_stands_in_it(user: str, encode: object) -> None:
    assert callable(encode)
    text = encode(f"{user}:{TOKEN}:x".encode()).decode()
    clean = knowing(TOKEN).text(f"Authorization: Basic {text}")
    left = clean.removeprefix("Authorization: Basic ").replace(REDACTED, "")
    assert len(left) <= 12
    assert REDACTED in clean


def test_a_number_that_is_a_secret_is_hidden_as_a_number_too() -> None:
    concealer = knowing("40981276", "3.14159")
    assert concealer.value({"pin": 40981276, "of": [3.14159, 1, 40981277, True, None]}) == {
        "pin": REDACTED,
        "of": [REDACTED, 1, 40981277, True, None],
    }


def test_what_is_short_or_another_s_is_left_alone() -> None:
    assert not knowing("a" * (MIN_CHARACTERS - 1))
    text = "nothing of it"
    assert knowing(TOKEN).text(text) is text
    assert knowing("secret-value").text("secret-valley") == "secret-valley"


def test_the_lines_of_a_key_are_hidden_one_by_one() -> None:
    lines = [f"{number:02}" + "k" * 62 for number in range(4)]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, ""])
    clean = knowing(key).text(f"line {lines[2]} of it")
    assert clean == f"line {REDACTED} of it"


def test_a_longer_secret_is_hidden_before_one_that_is_a_part_of_it() -> None:
    assert knowing("hunter2", "hunter2-and-more").text("hunter2-and-more") == REDACTED


def test_names_and_depths_of_values_are_looked_through() -> None:
    value: JSON = {"a": [{"hunter2!": ["x hunter2! y", 7, None]}]}
    assert knowing("hunter2!").value(value) == {"a": [{REDACTED: [f"x {REDACTED} y", 7, None]}]}
    assert NOTHING.value(value) is value


def test_what_was_replaced_stays_hidden_for_long_but_not_without_end() -> None:
    concealer = Concealer()
    for number in range(FORMER_LIMIT + 3):
        concealer.know("secret s", [f"value-number-{number:03}"])
    assert concealer.text("value-number-066 value-number-002") == f"{REDACTED} {REDACTED}"
    assert concealer.text("value-number-001") == "value-number-001"
    concealer.know("secret s", [])
    assert concealer.text("value-number-066") == REDACTED


def test_a_secret_that_a_cut_has_split_is_hidden_to_its_beginning() -> None:
    concealer = knowing("hunter2-and-more")
    assert concealer.text("password hunter2-a…") == f"password {REDACTED}…"
    assert concealer.text("password hunter2-a", cut=True) == f"password {REDACTED}…"
    assert concealer.text("password hunter2-a") == "password hunter2-a"
    told = concealer.problem(Problem("x", "p" * 1990 + "hunter2-and-more").to_json())
    assert told is not None
    assert "hunter" not in told["message"]


@pytest.mark.parametrize("at", range(3900, 4100, 7))
def test_no_cut_of_a_large_message_shows_a_part(at: int) -> None:
    secret = "hunter2-and-more" * 20
    message = {"text": "x" * at + secret + "y" * 9000 + secret}
    shown = redact_message(message, 4096, None, knowing(secret))
    assert "hunter" not in str(shown)
    assert shown["truncated"] is True


def test_each_project_has_its_own() -> None:
    concealers = Concealers()
    concealers.know("p-1", "secret s", ["hunter2-of-one"])
    concealers.know("p-2", "secret s", [])
    assert concealers.of("p-1.m-v1.c-n1").text("hunter2-of-one") == REDACTED
    assert concealers.of("p-2.m-v1.c-n1") is NOTHING
    assert concealers.text("line with hunter2-of-one") == f"line with {REDACTED}"


def test_among_many_secrets_each_is_found_wherever_it_stands() -> None:
    values = [f"{number:04}-secret-of-many" for number in range(200)]
    concealer = knowing(*values)
    for value in values:
        assert concealer.text(f"before {value} after {values[7]}") == f"before {REDACTED} after {REDACTED}"
    assert concealer.text("0199-secret-of-mane") == "0199-secret-of-mane"


def test_one_that_begins_like_another_is_found_behind_its_false_beginning() -> None:
    # `aaaabbbbcccc-1` begins where `bbbbccccddddeeee` lies, and is not there.
    concealer = knowing("aaaabbbbcccc-1", "bbbbccccddddeeee")
    assert concealer.text("aaaabbbbccccddddeeee") == f"aaaa{REDACTED}"


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "\u2028"])
def test_characters_that_no_pattern_takes_are_no_way_past(odd: str) -> None:
    assert knowing("hunter2-and-more").text(f"{odd}hunter2-and-more") == f"{odd}{REDACTED}"
    assert knowing(f"{odd}hunter2-and-more").text(f"a {odd}hunter2-and-more") == f"a {REDACTED}"
