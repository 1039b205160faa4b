"""What PostgreSQL and its driver refuse, in the words and codes of the component."""

from __future__ import annotations

from typing import Any

from weirflow import Fail

#: By the class of the state, its first two letters (PostgreSQL's manual, appendix A); then single states.
_CLASSES = {
    "08": ("database_unreachable", "the connection ended", True),
    "22": ("invalid_parameter", "a value does not fit", False),
    "23": ("constraint", "the database refuses the row", False),
    "25": ("read_only", "only reading is allowed", False),
    "28": ("credentials", "the server does not take user and password", False),
    "40": ("database_busy", "another transaction was in the way", True),
    "42": ("sql_error", "the query cannot be run", False),
    "53": ("database_busy", "the server has no room", True),
    "55": ("database_busy", "another transaction was in the way", True),
    "57": ("database_unreachable", "the server is going down or coming up", True),
}
_STATES = {
    "57014": ("query_timeout", "the query took too long", True),
    "42501": ("not_allowed", "this user may not do that", False),
    "3D000": ("sql_error", "there is no such database", False),
}


def failure_of(error: Any, server: str) -> Fail:
    """For an error of psycopg. Its first line alone: those below may show values of rows."""
    state = getattr(error, "sqlstate", None)
    text = _first_line(error)
    if state is None:
        return _of_connecting(text, server)
    code, what, retryable = _STATES.get(state) or _CLASSES.get(state[:2]) or ("sql_error", "the query failed", False)
    return Fail(f"{what}: {text} (SQLSTATE {state})", code=code, retryable=retryable, permanent=not retryable)


def unfit(error: Exception) -> Fail:
    """A value that the driver cannot hand over."""
    return Fail(
        f"a parameter does not fit: {_first_line(error)}; send what its column takes, and lists of one kind",
        code="invalid_parameter",
        permanent=True,
        field="/parameters",
    )


def _of_connecting(text: str, server: str) -> Fail:
    """The library has no states for what goes wrong before there is a connection, only words."""
    low = text.lower()
    if "authentication" in low or "password" in low or "pg_hba" in low:
        return Fail(f"{server} does not take user and password; correct them", code="credentials", permanent=True)
    if "certificate" in low or "ssl" in low or "tls" in low:
        return Fail(
            f"no connection to {server} that is trusted: {text}; give the authority that signed its certificate",
            code="database_tls",
            permanent=True,
        )
    if "does not exist" in low:
        return Fail(f"{server}: {text}", code="sql_error", permanent=True)
    return Fail(
        f"no connection to {server}: {text}; is it running, and does it listen there?",
        code="database_unreachable",
        retryable=True,
    )


def _first_line(error: Any) -> str:
    diagnosis = getattr(error, "diag", None)
    words = (getattr(diagnosis, "message_primary", None) or str(error)).strip().splitlines()
    return words[0][:300] if words else type(error).__name__
