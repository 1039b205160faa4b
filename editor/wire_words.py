"""A wire's schemas, messages and previews as the API has them: without secrets, and of a size that can be looked at."""

from typing import Any

from editor.checks.flow import as_json
from weirflow.errors import JSON
from weirflow.expressions.analysis import complete
from weirflow.mappings.flow import Ends
from weirflow.mappings.preview import preview
from weirflow.runtime.redaction import redact
from weirflow.schema.bounds import too_large
from weirflow.schema.document import Document


def ends_as_json(ends: Ends) -> dict[str, Any]:
    """``source`` and ``target`` are schemas, null where anything goes; ``message`` is made up."""
    return {
        "source": _schema(ends.source),
        "target": _schema(ends.target),
        "message": _shown(ends.message, ends.source),
    }


def preview_as_json(ends: Ends, mapping: JSON, message: JSON, name: str | None) -> dict[str, Any]:
    """The result and what is to be said of it. The mapping only ever sees what the person may see."""
    shown = _shown(ends.message if name is None else message, ends.source)
    found = preview(mapping, ends, shown, name)
    return {
        "value": _shown(found.value, ends.target),
        "failed": dict(found.failed),
        **as_json(found.verdict),
    }


def completions_as_json(ends: Ends, text: str, cursor: int) -> list[dict[str, Any]]:
    """Best first; ``start`` and ``end`` count characters."""
    return [
        {
            "kind": one.kind,
            "label": one.label,
            "insert": one.insert,
            "start": one.start,
            "end": one.end,
            "detail": one.detail,
            "doc": one.doc,
        }
        for one in complete(text, cursor, _schema(ends.source) or {})
    ]


def _schema(document: Document | None) -> Any:
    return document.schema if document is not None and not document.problem else None


def _shown(value: JSON, document: Document | None) -> JSON:
    return None if too_large(value) else redact(value, _schema(document))
