"""What has the form of a secret is taken out of texts that are kept, and what only resembles one stays."""

import pytest

from weirflow.runtime.shapes import redact_shapes

SECRETS = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "ghp_0123456789abcdefghij0123",
    "xoxb-123456789012-abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "Bearer abcdefghijkl0123",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_it_goes_wherever_it_stands(secret: str) -> None:
    told = redact_shapes({"note": [f"before {secret} after"], "n": 1})
    assert told == {"note": ["before <redacted> after"], "n": 1}


def test_the_password_of_an_address_goes_and_the_rest_stays() -> None:
    assert redact_shapes("postgresql://ada:pw@db:5432/x?y=1") == "postgresql://ada:<redacted>@db:5432/x?y=1"
    assert redact_shapes("see password=hunter2, then") == "see password=<redacted>, then"


@pytest.mark.parametrize("text", ["https://example.org/a:b@c", "a basic idea", "2026-11-26T03:14:51Z", "sk-8", ""])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert redact_shapes(text) == text
