"""Texts that look like a secret whatever they are called: what is stored for long is looked through for these too."""

import re

from weirflow.errors import JSON
from weirflow.runtime.redaction import REDACTED, redact_text

#: Forms that issuers give to what they issue, so that it can be found where it should not be.
_SHAPES = re.compile(
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON Web Tokens
    r"|\b(?:gh[pousr]|github_pat)_\w{20,}|\bglpat-[\w-]{16,}"
    r"|\bxox[abeprs]-[\w-]{10,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{30,}"
    r"|\b(?:sk|rk|pk)[-_](?:live|test|proj|ant)[-_][\w-]{16,}"
    r"|\b(?:Bearer|Basic)\s+[\w.~+/-]{12,}=*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
)
#: `https://name:password@host`: the password of an address.
_ADDRESS = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)", re.IGNORECASE)


def redact_shapes(value: JSON) -> JSON:
    """A copy of ``value`` without the parts of its texts that have the form of a secret, or stand behind a telling name
    (`password=...`). To be used after ``redact``, which goes by schema and names."""
    if isinstance(value, str):
        return _ADDRESS.sub(rf"\1{REDACTED}", _SHAPES.sub(REDACTED, redact_text(value)))
    if isinstance(value, dict):
        return {key: redact_shapes(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_shapes(item) for item in value]
    return value
