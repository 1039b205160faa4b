"""Forms made from schemas, and mappings, in a real browser."""

from bench.forms.measure import measure

__all__ = ["measure"]
