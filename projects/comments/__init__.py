"""Comments on flows: their limits, what they are about, whom they name, and how they are read (ADR 84)."""
