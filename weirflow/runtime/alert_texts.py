"""What an alert about a node's state says: who lost what, what stands, and what to do. Secrets are never among it."""

from __future__ import annotations

from typing import Any

import orjson

from weirflow.json_bytes import json_bytes
from weirflow.runtime.redaction import REDACTED, redact
from weirflow.runtime.state_guard import Finding, Texts, Verdict, order_of
from weirflow.state_codec import EPOCH_KEY, OPERATIONS_KEY, VERSION_KEY, StateCodec, is_sealed

#: Keys of which an alert shows the values, and characters of each value.
MAX_KEYS = 4
MAX_CHARACTERS = 80

#: By key: the text that was refused or overwritten, and the one that stands; ``None`` where there is none.
Values = dict[str, dict[str, str | None]]

_BY_HAND = "to change a state by hand, raise state-version in the same edit"


def values_of(finding: Finding, metadata: Texts, refused: Texts | None, codec: StateCodec | None) -> Values:
    """The two values of each key that differs, fit to be shown."""
    pairs: dict[str, tuple[str | None, str | None]]
    if refused is not None:
        pairs = {key: (text, metadata.get(key)) for key, text in refused.items() if metadata.get(key) != text}
    elif finding.takes_theirs:
        pairs = {key: (finding.ours[key], text) for key, text in finding.found.items()}
    else:
        pairs = {key: (text, finding.ours[key]) for key, text in finding.found.items()}
    # Operations are the runtime's own business, and their outcomes may hold anything.
    keys = sorted(pairs.keys() - {OPERATIONS_KEY}, key=lambda key: (key in (EPOCH_KEY, VERSION_KEY), key))
    return {
        key: {"lost": shown(key, pairs[key][0], codec), "stands": shown(key, pairs[key][1], codec)}
        for key in keys[:MAX_KEYS]
    }


def message_of(finding: Finding, metadata: Texts, values: Values, *, refused: bool, node: str) -> str:
    """The alert in words."""
    list_of = ", ".join(_pair(key, value) for key, value in values.items()) or "its record of operations"
    order = order_of(metadata)
    epoch, version = order if order is not None else (0, 0)
    match finding.verdict:
        case Verdict.OUTRANKED if refused:
            return (
                f"a change of {node} was refused: its state belongs to epoch {epoch} by now, so another replica leads "
                f"({list_of}); the message is delivered again there"
            )
        case Verdict.OUTRANKED:
            return (
                f"somebody raised state-epoch of {node} to {epoch}, which no leader had: {list_of}. That state counts "
                f"now, and the leader goes on above it; {_BY_HAND}, and leave state-epoch alone"
            )
        case Verdict.ADVANCED if refused:
            return (
                f"a change of {node} was refused: somebody else had stored version {version} ({list_of}); "
                "the message is delivered again on that state. Let only its module write it"
            )
        case Verdict.ADVANCED:
            return (
                f"somebody else stored version {version} of the state of {node}: {list_of}. It was taken up, as every "
                "newer version is; if that was no one's intention, find the other writer"
            )
        case Verdict.OVERWRITTEN:
            return (
                f"somebody changed the stored state of {node} without a new version: {list_of}. It was overwritten; "
                f"{_BY_HAND}"
            )
        case _:
            return (
                f"somebody changed the stored state of {node}: {list_of}. It has no newer version or cannot be read: "
                f"it was not taken up, and the state before is written back; {_BY_HAND}"
            )


def shown(key: str, text: str | None, codec: StateCodec | None) -> str | None:
    """One value, redacted and cut."""
    if text is None:
        return None
    field = next((each for each in codec.fields if each.key == key), None) if codec is not None else None
    if (field is not None and field.secret) or is_sealed(text):
        return REDACTED
    value: Any = text
    if text[:1] in ("[", "{"):
        try:
            value = redact(orjson.loads(text), field.adapter.json_schema() if field is not None else None)
        except ValueError:
            value = text
    clean = redact({key: value})[key]
    line = clean if isinstance(clean, str) else json_bytes(clean).decode()
    return line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + "…"


def _pair(key: str, value: dict[str, str | None]) -> str:
    lost, stands = ("nothing" if text is None else f"“{text}”" for text in (value["lost"], value["stands"]))
    return f"{key} {lost} is lost, {stands} stands"
