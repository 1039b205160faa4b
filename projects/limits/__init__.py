"""How many requests one may make, by who one is (ADR 88)."""

from projects.limits.doors import Door, enter, forget, knock

__all__ = ["Door", "enter", "forget", "knock"]
