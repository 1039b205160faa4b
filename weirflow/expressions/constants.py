"""Numbers with a name."""

from __future__ import annotations

import math

_PHI = (1 + math.sqrt(5)) / 2

CONSTANTS: dict[str, float] = {
    "e": math.e,
    "pi": math.pi,
    "phi": _PHI,
    "sqrt2": math.sqrt(2),
    "sqrte": math.sqrt(math.e),
    "sqrtpi": math.sqrt(math.pi),
    "sqrtphi": math.sqrt(_PHI),
    "ln2": math.log(2),
    "log2e": 1 / math.log(2),
    "ln10": math.log(10),
    "log10e": 1 / math.log(10),
}
