"""What a mapping gives for one message, to be looked at while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from weirflow.errors import JSON
from weirflow.mappings.evaluate import evaluate, value_at
from weirflow.mappings.findings import Finding, Verdict
from weirflow.mappings.flow import Ends
from weirflow.mappings.judge import Sample, examine
from weirflow.schema.bounds import too_large
from weirflow.schema.redact import REDACTED

#: Findings that are about data, not about what is written.
_ON_DATA = ("fails_on_sample", "does_not_fit_sample")
#: Seconds after which no further expression is worked out, per message.
PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Previewed:
    """`value` is null at the places of `failed` (by JSON pointer, with the reason)."""

    value: JSON
    failed: Mapping[str, str]
    verdict: Verdict


def preview(mapping: JSON, ends: Ends, message: JSON, name: str | None) -> Previewed:
    """Work a mapping out on `message`. `name` says in words where it came from; None: it was made up.

    Never raises for what a mapping or a message may hold. What is hidden in the message is no fault of the mapping.
    """
    samples = [Sample(ends.message)]
    if name is not None:
        samples.append(Sample(message, name))
    examined = examine(mapping, ends.source, ends.target, samples, PATIENCE)
    if not examined.results:
        return Previewed(None, {}, examined.verdict)
    done = examined.results[-1] if name is not None else evaluate(mapping, message, PATIENCE)
    unreadable = {finding.field for finding in examined.verdict.findings if finding.code == "syntax"}
    # That what cannot be read cannot be worked out either goes without saying.
    findings = (
        *ends.findings,
        *(one for one in examined.verdict.findings if one.code != "fails_on_sample" or one.field not in unreadable),
    )
    failed = {at: error.reason for at, error in done.failed.items()}
    # A value may hold the same part of the message any number of times: written out, it has no bound of its own.
    reason = too_large(done.value)
    if reason:
        finding = Finding("unverifiable", "result_too_large", f"the result {reason}, so it is not shown")
        return Previewed(None, failed, Verdict((*findings, finding)))
    if _hides(message):
        findings = tuple(_excused(findings, done.value))
    return Previewed(done.value, failed, Verdict(findings))


def _excused(findings: Iterable[Finding], value: JSON) -> Iterator[Finding]:
    """Findings, where those that may come from what is hidden are left to the messages themselves."""
    for finding in findings:
        hidden = _hides(value_at(value, finding.field)) or finding.code == "fails_on_sample"
        if finding.level == "invalid" and finding.code in _ON_DATA and hidden:
            text = f"{finding.message}; a part of the data is hidden here, so only a message can tell"
            yield replace(finding, level="unverifiable", code="hidden", message=text)
        else:
            yield finding


def _hides(value: JSON) -> bool:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and REDACTED in part:
            return True
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return False
