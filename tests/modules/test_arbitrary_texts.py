"""What reads texts that anybody may send, given any: an answer or a refusal in words, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modules.data.csv_text import Dialect, read_rows, write_rows
from modules.data.template import TemplateError, compile_template
from modules.http.bodies import BadBody, read_body
from modules.http.signatures import Generic, Refused, verify
from modules.notify.addresses import has_control, read_address
from weirflow import Fail

GENERIC = Generic("x-signature", "", "sha256", "hex", "x-time")
PIECES = ["{{", "}}", "#each ", "#if ", "#else", "/each", "/if", "$.a", "'", '"', "\n", " ", "x", "{", "}", "$.item"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_text_is_a_template_or_says_why_not(text: str) -> None:
    try:
        template = compile_template(text)
    except TemplateError:
        return
    with suppress(Fail):
        template.render({"a": [1, {"b": "c"}]}, 10_000, str)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["", "application/json", "multipart/form-data; boundary=X", "multipart/form-data; boundary=", "text/plain"]
    )
    | st.text(max_size=60),
)
@example(b"--X\r\n\r\n\r\n--X--", "multipart/form-data; boundary=X")
@example(b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--X--', "multipart/form-data; boundary=X")
@example(b"a", "text/plain; charset=\x00")
@example(b"\xff\xfe", "text/plain; charset=utf-16; charset=idna")
def test_a_body_is_json_or_refused(body: bytes, kind: str) -> None:
    for prefix in (b"", b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n'):
        with suppress(BadBody):
            value, encoding = read_body(prefix + body, kind)
            json.dumps(value, allow_nan=False)
            assert (value is None) == (encoding == "none") or encoding == "json"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.text(), min_size=2), min_size=1),
    st.sampled_from([",", ";", "\t", "|"]),
    st.booleans(),
)
def test_rows_come_back_from_their_text(rows: list[dict[str, str]], delimiter: str, quote_all: bool) -> None:
    dialect = Dialect(delimiter, '"', True, ("a", "b"), False, quote_all, False, "\n", 1000, 1_000_000)
    text = write_rows(list(rows), dialect)
    assert read_rows(text, dialect) == (["a", "b"], rows)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from('a@.<>",;: ()\\\r\n\x00[]üß名-_=?')) | st.text())
@example("=?utf-8?q?a=0d=0aBcc:_eve=40example.com?= <a@example.com>")
@example('"a\\\r\nb"@example.com')
def test_an_address_is_one_on_one_line_or_refused(text: str) -> None:
    try:
        address = read_address(text)
    except ValueError:
        return
    assert not has_control(str(address))
    assert address.addr_spec.isascii()
    assert address.addr_spec.count("@") >= 1


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["github", "stripe", "slack", "generic"]),
    st.dictionaries(
        st.sampled_from(
            ["x-hub-signature-256", "stripe-signature", "x-slack-signature", "x-slack-request-timestamp", "x-signature"]
        ),
        st.text() | st.sampled_from(["sha256=", "v0=", "t=1,v1=", "1", "t=1,v1=a,v1=b", "٣"]),
    ),
)
def test_a_signature_that_was_made_up_is_refused(scheme: str, headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        verify(scheme, GENERIC, ("secret",), headers, b"body", 1.0, 300)  # type: ignore[arg-type]
