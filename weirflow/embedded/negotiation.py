"""The Accept header: plain JSON, a Table, or metadata only."""

from __future__ import annotations

from functools import lru_cache

from weirflow.embedded.errors import not_acceptable

JSON, TABLE, METADATA = "json", "table", "metadata"
PLAIN = frozenset({"application/json", "application/*", "*/*"})


@lru_cache(maxsize=128)
def form_of(accept: str) -> str:
    """The first form in the header that this cluster speaks. Raises ApiError 406 when there is none."""
    if not accept.strip():
        return JSON
    for entry in accept.split(","):
        media, *parts = (part.strip() for part in entry.split(";"))
        if media not in PLAIN:
            continue
        wanted = dict(part.partition("=")[::2] for part in parts)
        match wanted.get("as"):
            case None:
                return JSON
            case "Table" if wanted.get("g") == "meta.k8s.io" and wanted.get("v") in ("v1", "v1beta1"):
                return TABLE
            case "PartialObjectMetadata" | "PartialObjectMetadataList" if wanted.get("g") == "meta.k8s.io":
                return METADATA
    raise not_acceptable(["application/json"])
