"""Named versions of flows and other points of their past: found, compared, and gone back to (ADR 82)."""
