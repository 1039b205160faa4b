import pytest

from weirflow.runtime.redaction import REDACTED, redact, redact_message
from weirflow.runtime.stats import Latency, Rate


@pytest.mark.parametrize(
    "name", ["password", "dbPassword", "client_secret", "api_key", "apiKey", "accessToken", "Authorization", "cookie"]
)
def test_names_that_tell_are_redacted_wherever_they_stand(name: str) -> None:
    assert redact({"a": [{name: "hunter2", "user": "ann"}]}) == {"a": [{name: REDACTED, "user": "ann"}]}


def test_the_schema_can_mark_any_field_and_empty_ones_stay_visible() -> None:
    schema = {
        "properties": {"plain": {"$ref": "#/$defs/P"}},
        "$defs": {
            "P": {"properties": {"pin": {"secret": True}, "code": {"format": "password"}, "none": {"secret": True}}}
        },
    }
    value = {"plain": {"pin": 1234, "code": "x", "none": "", "tokens": 5}}
    assert redact(value, schema) == {"plain": {"pin": REDACTED, "code": REDACTED, "none": "", "tokens": 5}}


def test_a_large_message_is_cut_to_its_beginning() -> None:
    shown = redact_message({"text": "é" * 10_000}, 4096)
    assert shown["truncated"] is True
    assert shown["bytes"] > 20_000
    assert len(shown["beginning"].encode()) <= 4096


def test_the_percentile_is_near_the_truth_and_forgets() -> None:
    latency = Latency()
    for n in range(1, 1001):
        latency.add(n / 1000, 100.0)
    p95 = latency.p95_ms(100.0)
    assert p95 is not None
    assert 0.85 * 950 <= p95 <= 950 * 1.15
    assert latency.p95_ms(106.0) == p95
    assert latency.p95_ms(120.0) is None


def test_a_rate_covers_the_last_second_not_the_last_hour() -> None:
    rate = Rate()
    start = rate._at
    assert rate.sample(5, start + 3600) == 0
    assert rate.sample(10, start + 3601) == 10
    assert rate.sample(10, start + 3602) == 0
